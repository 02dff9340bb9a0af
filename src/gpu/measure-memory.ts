import type { Engine } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import { elementBytes, slotElements, storageBytes } from '../plan/layout.js';
import { plan } from '../plan/plan.js';
import { GpuEngine } from './engine.js';

/** A step with the options that it will be compiled with. */
export interface PlannedStep {
  readonly step: Step;
  readonly ring?: string;
  readonly watch: boolean;
}

/** Memory of networks side by side, in bytes. */
export interface MemberMemory {
  /** Bytes for each network. */
  readonly each: number;
  /** Bytes that all networks share. */
  readonly shared: number;
  /** The most networks that fit the device's limits, however much memory it has. */
  readonly most: number;
  /** The limit that decides `most`, in words. */
  readonly limitedBy: string;
}

/** Returns the memory that networks side by side need for steps; allocates nothing. */
export function measureMemory(engine: Engine, steps: readonly PlannedStep[]): MemberMemory {
  return engine instanceof GpuEngine ? onGpu(engine, steps) : onReference(steps);
}

/** The CPU reference holds the states only. */
function onReference(steps: readonly PlannedStep[]): MemberMemory {
  const states = new Set(steps.flatMap(({ step }) => step.updates.map(({ state }) => state)));
  const elements = [...states].reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const each = elements * Float32Array.BYTES_PER_ELEMENT;
  return { each, shared: 0, most: Number.MAX_SAFE_INTEGER, limitedBy: 'nothing' };
}

/** Plans the steps and adds up their storages. */
function onGpu(engine: GpuEngine, steps: readonly PlannedStep[]): MemberMemory {
  const executor = engine.createExecutor({ debug: false });
  try {
    const { layout, slots } = executor;
    const { limits } = engine.device;
    const bindable = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
    let most = limits.maxComputeWorkgroupsPerDimension;
    let limitedBy = `${most} workgroups in a row`;
    let tables = 0;
    for (const { step, ring, watch } of steps) {
      const { words, dispatches } = plan(step, layout, executor.planOptions({ watch, ring }));
      tables += words * 4 * slots;
      if (dispatches.some(({ grid }) => Math.max(...grid) > limits.maxComputeWorkgroupsPerDimension)) most = 0;
    }
    let each = tables;
    let shared = 0;
    for (const storage of layout.storages) {
      if (!storage.perMember) {
        const bytes = storageBytes(storage, 1);
        shared += bytes;
        if (bytes > bindable) {
          [most, limitedBy] = [0, `${storage.name} needs ${bytes} bytes, of which a buffer holds at most ${bindable}`];
        }
        continue;
      }
      const bytes = slotElements(storage, 1) * storage.slots * elementBytes(storage);
      each += bytes;
      if (bindable >= most * bytes) continue;
      most = Math.floor(bindable / bytes);
      limitedBy = `${storage.name}: ${bytes} bytes a network, of which a buffer holds at most ${bindable}`;
    }
    return { each, shared, most, limitedBy };
  } finally {
    executor.dispose();
  }
}
