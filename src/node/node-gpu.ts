import { tmpdir } from 'node:os';
import { checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { makeOncePer } from '../promises/make-once.js';
import { pauseBetweenPolls } from './pause-between-polls.js';
import { hasVulkan, type SoftwareVulkan, softwareVulkan, useSoftwareVulkan } from './software-vulkan.js';

/** Options of {@link nodeGpu}. */
export interface NodeGpuOptions {
  /** Part of the adapter's name, such as `'llvmpipe'` or `'SwiftShader'`; default: the one that Dawn prefers. */
  adapter?: string | undefined;
  /**
   * Ask Dawn for finished work without pausing (default false): a promise settles up to a millisecond sooner, and one
   * core is kept busy while any is pending.
   */
  spin?: boolean | undefined;
}

type Dawn = typeof import('webgpu');

// One GPU for each adapter's name and way to poll. Kept for the life of the process, and so is every object that Dawn
// creates: Dawn aborts the process when one is collected while a device is alive.
const shared = Symbol.for('wgrad.node.gpus');
const holder = globalThis as typeof globalThis & { [shared]?: { gpus: Map<string, Promise<GPU>>; created: GPU[] } };
holder[shared] ??= { gpus: new Map(), created: [] };
const { gpus, created } = holder[shared];

/**
 * Returns the GPU of this machine for Node: what `navigator.gpu` is in a browser, from the npm package `webgpu` (Dawn).
 * Without a GPU or a Vulkan driver that Dawn accepts, Linux falls back to the software GPU (SwiftShader) inside the npm
 * package `@sparticuz/chromium`, and VK_DRIVER_FILES is set for this process and those it starts. Defines
 * `GPUBufferUsage` and WebGPU's other globals where they are missing.
 * @throws EngineError `unsupported` if a package or an adapter is missing, with what to do.
 * @throws RangeError if no adapter has the name asked for, with the names there are; TypeError for an unknown option.
 */
export async function nodeGpu(options: NodeGpuOptions = {}): Promise<GPU> {
  checkOptions('nodeGpu', options, ['adapter', 'spin']);
  const { adapter, spin = false } = options;
  if (adapter !== undefined && (typeof adapter !== 'string' || adapter === '')) {
    throw new TypeError(`nodeGpu: adapter must be part of an adapter's name, got ${show(adapter)}`);
  }
  if (typeof spin !== 'boolean') throw new TypeError(`nodeGpu: spin must be true or false, got ${show(spin)}`);
  return makeOncePer(gpus, `${spin ? 'spin' : 'pause'} ${adapter ?? ''}`, () => findGpu(adapter, spin));
}

/** Loads Dawn and defines its `GPUBufferUsage` and the like where they are missing. */
async function loadDawn(): Promise<Dawn> {
  try {
    const dawn = await import('webgpu');
    for (const [name, value] of Object.entries(dawn.globals)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    return dawn;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const message = missing
      ? 'wgrad/node: the package webgpu is not installed; run npm install webgpu'
      : `wgrad/node: the package webgpu does not load on ${process.platform}-${process.arch} (${textOf(cause)})`;
    throw new EngineError('unsupported', message, { cause });
  }
}

/** Finds the GPU of the installed driver, else the software one. */
async function findGpu(adapter: string | undefined, spin: boolean): Promise<GPU> {
  const dawn = await loadDawn();
  if (process.platform === 'linux') process.env.XDG_RUNTIME_DIR ??= tmpdir(); // Mesa complains on stderr without it
  const installed: Opened = hasVulkan() ? await open(dawn, adapter, spin) : { listed: [] };
  if (installed.gpu) return installed.gpu;
  const mayFallBack = installed.listed.length === 0 || /swiftshader/i.test(adapter ?? '');
  const software = mayFallBack ? await loadSoftwareVulkan() : undefined;
  const { gpu, listed } = software ? await open(dawn, adapter, spin) : installed;
  if (gpu) return gpu;
  if (adapter !== undefined && listed.length > 0) {
    const names = listed.map((name) => `'${name}'`).join(', ');
    throw new RangeError(`nodeGpu: no adapter's name contains '${adapter}'; there is ${names}`);
  }
  throw new EngineError('unsupported', `wgrad/node: Dawn finds no GPU. ${advice(software)}`);
}

async function loadSoftwareVulkan(): Promise<SoftwareVulkan | undefined> {
  try {
    const software = await softwareVulkan();
    if (software) useSoftwareVulkan(software);
    return software;
  } catch (cause) {
    const message = `wgrad/node: the software GPU cannot be loaded from ${tmpdir()} (${textOf(cause)})`;
    throw new EngineError('unsupported', message, { cause });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns one sentence that says what to do on this machine. */
function advice(software: SoftwareVulkan | undefined): string {
  if (process.platform !== 'linux') return 'Update the graphics driver.';
  if (!software) return 'Install a Vulkan driver, or the software GPU from npm: npm install @sparticuz/chromium@147';
  return (
    'Call nodeGpu() once on the main thread before workers do, ' +
    `or start the process with VK_DRIVER_FILES=${software.driver} LD_LIBRARY_PATH=${software.folder}`
  );
}

interface Opened {
  gpu?: GPU;
  listed: string[];
}

/** Returns Dawn's GPU object if it has an adapter (of that name), otherwise the names of the adapters it lists. */
async function open(dawn: Dawn, adapter: string | undefined, spin: boolean): Promise<Opened> {
  try {
    const gpu = dawn.create(adapter === undefined ? [] : [`adapter=${adapter}`]);
    created.push(gpu);
    if (!spin) pauseBetweenPolls(gpu);
    return (await gpu.requestAdapter()) ? { gpu, listed: [] } : { listed: [] };
  } catch (error) {
    // Dawn has no other way to tell: "no suitable backends found, Available adapters: * backend: ..., name: '...'".
    if (adapter === undefined) throw error;
    return { listed: Array.from(textOf(error).matchAll(/name: '(.*)'$/gm), ([, name]) => name) };
  }
}
