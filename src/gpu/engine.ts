import type { Engine, EngineInfo } from '../graph/engine.js';
import type { DeviceTraits, Kernel, Preferences } from '../plan/plan.js';
import { makeOnce } from '../promises/make-once.js';
import type { Debugging, Log } from './debugging.js';
import { Device } from './device.js';
import { GpuExecutor, type GpuExecutorOptions } from './gpu-executor.js';
import { PipelineCache } from './pipeline-cache.js';
import type { ArithmeticProbe } from './probe.js';

/** Options of an engine beside its device. */
export interface GpuEngineOptions {
  /** The kernels to plan with: those of the device's class, or every one. */
  readonly kernels: readonly Kernel[];
  /** Default: the adapter's, as far as the device knows it. */
  readonly info?: GPUAdapterInfo | undefined;
  /** Default: none. */
  readonly debugging?: Debugging | undefined;
  /** Default: `console.log`. */
  readonly log?: Log | undefined;
}

/** An engine on a WebGPU device. */
export class GpuEngine extends Device implements Engine {
  readonly info: EngineInfo;
  /** The properties of the device that kernels may rely on. */
  readonly traits: DeviceTraits;
  readonly pipelines: PipelineCache;
  readonly debugging: Debugging | undefined;
  readonly log: Log;
  /** Executors made from now on plan with these kernels. */
  kernels: readonly Kernel[];
  /** Executors made from now on prefer these variants. The map is replaced, never changed: earlier executors keep theirs. */
  preferences: Preferences = new Map();
  readonly #probe = makeOnce(async () => (await import('./probe.js')).probeArithmetic(this));

  constructor(
    device: GPUDevice,
    owned: boolean,
    { kernels, info = device.adapterInfo, debugging, log = console.log }: GpuEngineOptions,
  ) {
    super(device, owned);
    this.kernels = kernels;
    this.info = describe(info ?? {});
    this.traits = traitsOf(device, this.info, info);
    this.pipelines = new PipelineCache(this);
    this.debugging = debugging;
    this.log = log;
  }

  createExecutor(options: GpuExecutorOptions = {}): GpuExecutor {
    this.check();
    return new GpuExecutor(this, options);
  }

  /** Measures how this device rounds: it decides where results may be compared bit for bit. */
  probe(): Promise<ArithmeticProbe> {
    this.check();
    return this.#probe();
  }
}

/** Browsers that know subgroups, but not their sizes, count as having none. */
function traitsOf(
  { features }: GPUDevice,
  { software, vendor }: EngineInfo,
  info?: Partial<GPUAdapterInfo>,
): DeviceTraits {
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = features.has('subgroups') ? (info ?? {}) : {};
  return { software, vendor, subgroupMinSize, subgroupMaxSize };
}

function describe(info: Partial<GPUAdapterInfo>): EngineInfo {
  const { vendor = '', architecture = '', device, description } = info;
  const name = description || device;
  const maker = [vendor, architecture].filter(Boolean).join(' ');
  const adapter = name && maker ? `${name} (${maker})` : name || maker || 'unknown adapter';
  return { backend: 'webgpu', adapter, vendor, architecture, software: isSoftware(info) };
}

/** Names of drivers that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

/**
 * Returns true if an adapter computes on the CPU. Browsers say so themselves; older ones are known by the driver's name. Dawn
 * gives all of Mesa's drivers that it does not know the architecture `software`, that of Apple's GPUs too: it counts only where
 * no name tells more.
 */
export function isSoftware({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: Partial<GPUAdapterInfo> = {}): boolean {
  if (isFallbackAdapter !== undefined) return isFallbackAdapter;
  if (SOFTWARE.test([vendor, architecture, device, description].join(' '))) return true;
  return architecture === 'software' && !device && !description;
}
