import { afterAll, expect } from 'vitest';
import { createEngine, type Engine } from '../../src/index.js';

/** Counts of the calls of a device. */
export interface Counts {
  buffers: number;
  bindGroups: number;
  pipelines: number;
  shaderModules: number;
  maps: number;
  submits: number;
}

/** A device of ours, as a caller would hand it in, that tells what is asked of it. */
export interface CountingDevice {
  readonly device: GPUDevice;
  readonly counts: Counts;
  /** Buffers that were made and not destroyed. */
  readonly live: Set<GPUBuffer>;
  /** Errors that no scope has caught. */
  readonly uncaught: string[];
  /** True once `device.destroy` was called. */
  destroyed: boolean;
  /** Returns the counts of the time in which `run` ran. */
  during(run: () => unknown): Promise<Counts>;
}

/** Calls `before` ahead of every call of a method. */
function watch<T extends object, K extends keyof T>(target: T, method: K, before: () => void): void {
  const original = target[method];
  if (typeof original !== 'function') throw new TypeError(`${String(method)} is no method`);
  Object.defineProperty(target, method, {
    configurable: true,
    value: (...args: unknown[]) => {
      before();
      return original.apply(target, args);
    },
  });
}

export async function countingDevice(requiredFeatures: GPUFeatureName[] = []): Promise<CountingDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('test: there is no adapter');
  const device = await adapter.requestDevice({ requiredFeatures });
  const counts: Counts = { buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0, maps: 0, submits: 0 };
  const live = new Set<GPUBuffer>();
  const counting: CountingDevice = {
    device,
    counts,
    live,
    uncaught: [],
    destroyed: false,
    async during(run) {
      const before = { ...counts };
      await run();
      const since = { ...counts };
      for (const name of Object.keys(before) as (keyof Counts)[]) since[name] -= before[name];
      return since;
    },
  };
  device.addEventListener('uncapturederror', (event) => {
    counting.uncaught.push(event.error.message);
    event.preventDefault();
  });
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    counts.buffers++;
    live.add(buffer);
    watch(buffer, 'mapAsync', () => counts.maps++);
    watch(buffer, 'destroy', () => live.delete(buffer));
    return buffer;
  };
  watch(device, 'createBindGroup', () => counts.bindGroups++);
  watch(device, 'createComputePipeline', () => counts.pipelines++);
  watch(device, 'createComputePipelineAsync', () => counts.pipelines++);
  watch(device, 'createShaderModule', () => counts.shaderModules++);
  watch(device.queue, 'submit', () => counts.submits++);
  watch(device, 'destroy', () => {
    counting.destroyed = true;
  });
  return counting;
}

/** Returns an engine on such a device, which is destroyed after the tests of the file; all its errors must be caught until then. */
export async function countedEngine(): Promise<{ counting: CountingDevice; device: GPUDevice; engine: Engine }> {
  const counting = await countingDevice();
  const { device } = counting;
  afterAll(() => {
    expect(counting.uncaught).toEqual([]);
    device.destroy();
  });
  return { counting, device, engine: await createEngine({ device }) };
}
