import { checkChoice, checkNumber, checkOptions, show } from './errors/arguments.js';
import { EngineError } from './errors/engine-error.js';
import type { Debugging, DebugLevel, Log } from './gpu/debugging.js';
import { GpuEngine, isSoftware } from './gpu/engine.js';
import type { Engine } from './graph/engine.js';
import { loadKernels } from './kernels/index.js';

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** Your own device; the engine adopts it and never destroys it. */
  device?: GPUDevice | undefined;
  /** The source of the adapter. Default: `navigator.gpu`; in Node pass `await nodeGpu()`. */
  gpu?: GPU | undefined;
  /** The kind of adapter to prefer. Default: the browser's choice. */
  powerPreference?: GPUPowerPreference | undefined;
  /** The amount that the engine reports and checks: see {@link DebugLevel}. Default 0. */
  debug?: DebugLevel | undefined;
  /** Receives the reports of `debug`, and warnings. Default: `console.log`. */
  log?: Log | undefined;
}

/** Limits requested as high as the adapter has them: large layers need more than WebGPU's guaranteed minimum. */
const RAISED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage'] as const;

/** Requested if the adapter has it: the fastest products of some adapters hand operands around in subgroups. */
const FEATURES: readonly GPUFeatureName[] = ['subgroups'];
/** Needed for timing; requested only from `debug` 2 on. */
const TIMING: readonly GPUFeatureName[] = ['timestamp-query'];

/**
 * Returns an engine on a WebGPU device: on yours, which stays yours, or on a new one of the preferred adapter.
 * @throws TypeError for unknown options; EngineError of kind `unsupported` if there is no WebGPU or no adapter, with what
 * to do about it.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkOptions('createEngine', options, ['device', 'gpu', 'powerPreference', 'debug', 'log']);
  const { device, powerPreference, debug = 0, log = console.log } = options;
  checkNumber('createEngine', 'debug', debug, { min: 0, max: 4, integer: true });
  if (typeof log !== 'function') {
    throw new TypeError(`createEngine: log must be a function, got ${show(log)}`);
  }
  if (powerPreference !== undefined) {
    checkChoice('createEngine', 'powerPreference', powerPreference, ['low-power', 'high-performance']);
  }
  if (device !== undefined) {
    if (typeof device?.createBuffer !== 'function') {
      throw new TypeError(`createEngine: device must be a GPUDevice, got ${show(device)}`);
    }
    const kernels = await loadKernels(isSoftware(device.adapterInfo));
    const engine = new GpuEngine(device, false, { kernels, debugging: await debuggingOf(debug, log), log });
    await Promise.resolve();
    engine.check();
    return engine;
  }
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  if (!gpu) throw new EngineError('unsupported', missing());
  if (typeof gpu.requestAdapter !== 'function')
    throw new TypeError(`createEngine: gpu must be a GPU, got ${show(gpu)}`);
  const adapter = await gpu.requestAdapter({ powerPreference }).catch(refused);
  if (!adapter) {
    throw new EngineError(
      'unsupported',
      'createEngine: WebGPU found no adapter; update the graphics driver, turn on hardware acceleration in the browser, or use createReferenceEngine()',
    );
  }
  const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]]));
  const wanted = debug >= 2 ? [...FEATURES, ...TIMING] : FEATURES;
  const requiredFeatures = wanted.filter((name) => adapter.features.has(name));
  const { info } = adapter;
  const [made, kernels, debugging] = await Promise.all([
    adapter.requestDevice({ label: 'wgrad', requiredLimits, requiredFeatures }).catch(refused),
    loadKernels(isSoftware(info)),
    debuggingOf(debug, log),
  ]);
  const engine = new GpuEngine(made, true, { kernels, info, debugging, log });
  await Promise.resolve(); // WebGPU may give a device that is lost already
  engine.check();
  return engine;
}

/** Loads debugging if a level above 0 asks for it. */
async function debuggingOf(level: DebugLevel, log: Log): Promise<Debugging | undefined> {
  return level > 0 ? (await import('./debug/start-debugging.js')).startDebugging(level, log) : undefined;
}

/** Throws WebGPU's refusal as an EngineError. */
function refused(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new EngineError('unsupported', `createEngine: WebGPU gives no device: ${reason}`, { cause });
}

/** Returns why there is no `navigator.gpu`, and what to do. */
function missing(): string {
  if (!globalThis.navigator?.userAgent || !('document' in globalThis || 'importScripts' in globalThis)) {
    return "createEngine: there is no navigator.gpu here; in Node pass { gpu: await nodeGpu() } from 'wgrad/node'";
  }
  if (!globalThis.isSecureContext) {
    return 'createEngine: browsers offer WebGPU to secure pages only; serve this one over https or from localhost';
  }
  return 'createEngine: this browser has no WebGPU; use Chrome or Edge 113, Safari 26, Firefox 141 or newer, or createReferenceEngine()';
}
