/** Numbers of calls of WebGPU. */
export interface Calls {
  dispatches: number;
  submits: number;
  passes: number;
  bindGroups: number;
  buffers: number;
  /** Bytes of all buffers that were bound for dispatches, each counted for each dispatch. */
  bytesBound: number;
}

/** Nothing was asked for. */
export const NONE: Calls = {
  dispatches: 0,
  submits: 0,
  passes: 0,
  bindGroups: 0,
  buffers: 0,
  bytesBound: 0,
};

/**
 * Counts the calls of every device in this process, whoever made it: rivals make their own. It wraps the methods of
 * WebGPU's classes until `stop`, so that nothing of it is left while engines are timed.
 */
export class CallCounter {
  #calls: Calls = { ...NONE };
  #pipelines = new Set<GPUComputePipeline>();
  readonly #undo: (() => void)[] = [];
  readonly #bytesOfGroup = new WeakMap<GPUBindGroup, number>();
  readonly #bytesOfPass = new WeakMap<GPUComputePassEncoder, number[]>();

  constructor() {
    const calls = () => this.#calls;
    const device = GPUDevice.prototype;
    this.#before(device, 'createBuffer', () => calls().buffers++);
    const { createBindGroup } = device;
    const groups = this.#bytesOfGroup;
    this.#replace(device, 'createBindGroup', function (this: GPUDevice, descriptor: GPUBindGroupDescriptor) {
      const made = createBindGroup.call(this, descriptor);
      calls().bindGroups++;
      groups.set(made, boundBytes(descriptor));
      return made;
    });
    this.#before(GPUQueue.prototype, 'submit', () => calls().submits++);
    this.#before(GPUCommandEncoder.prototype, 'beginComputePass', () => calls().passes++);
    this.#before(GPUComputePassEncoder.prototype, 'setPipeline', (pipeline: GPUComputePipeline) => {
      this.#pipelines.add(pipeline);
    });
    const passes = this.#bytesOfPass;
    this.#before(GPUComputePassEncoder.prototype, 'setBindGroup', function (index: number, group: GPUBindGroup) {
      const bound = passes.get(this) ?? [];
      bound[index] = groups.get(group) ?? 0;
      passes.set(this, bound);
    });
    const dispatched = function (this: GPUComputePassEncoder) {
      calls().dispatches++;
      for (const bytes of passes.get(this) ?? []) calls().bytesBound += bytes ?? 0;
    };
    this.#before(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', dispatched);
    this.#before(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', dispatched);
  }

  /** Returns the calls that `run` makes. */
  async during(run: () => Promise<unknown>): Promise<Calls> {
    this.#calls = { ...NONE };
    this.#pipelines = new Set();
    await run();
    return this.#calls;
  }

  /** Number of different pipelines that the last `during` used. */
  get pipelines(): number {
    return this.#pipelines.size;
  }

  /** Takes the wrappers away. */
  stop(): void {
    for (const undo of this.#undo) undo();
    this.#undo.length = 0;
  }

  #before<T extends object>(target: T, method: keyof T & string, tell: (this: T, ...args: never[]) => void): void {
    const original = target[method];
    if (typeof original !== 'function') throw new Error(`bench: ${method} is no method of WebGPU here`);
    this.#replace(target, method, function (this: T, ...args: never[]) {
      tell.apply(this, args);
      return original.apply(this, args);
    });
  }

  #replace<T extends object>(target: T, method: keyof T & string, value: (this: T, ...args: never[]) => unknown): void {
    const descriptor = Object.getOwnPropertyDescriptor(target, method);
    if (!descriptor) throw new Error(`bench: ${method} is no method of WebGPU here`);
    Object.defineProperty(target, method, { ...descriptor, value });
    this.#undo.push(() => Object.defineProperty(target, method, descriptor));
  }
}

/** Bytes of the buffers in a bind group. */
function boundBytes({ entries }: GPUBindGroupDescriptor): number {
  let bytes = 0;
  for (const { resource } of entries) {
    if ('buffer' in resource) bytes += resource.size ?? resource.buffer.size - (resource.offset ?? 0);
    else if ('size' in resource) bytes += Number(resource.size);
  }
  return bytes;
}

/** Calls of one more step, from those of a run of `steps` and of one of twice as many: a wait has calls of its own. */
export function callsOfStep(few: Calls, many: Calls, steps: number): Calls {
  const each = { ...many };
  for (const name of Object.keys(each) as (keyof Calls)[]) each[name] = (many[name] - few[name]) / steps;
  return each;
}
