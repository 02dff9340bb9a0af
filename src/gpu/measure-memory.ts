import type { Engine } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import { elementBytes, slotElements, storageBytes } from '../plan/layout.js';
import { plan } from '../plan/plan.js';
import { GpuEngine } from './engine.js';

/** A step to be planned: its ring of metrics, and whether it watches for what is not finite, as it will be compiled. */
export interface PlannedStep {
  readonly step: Step;
  readonly ring?: string;
  readonly watch: boolean;
}

/** What networks side by side need, in bytes. */
export interface MemberMemory {
  /** For one more of them. */
  readonly each: number;
  /** For what all share. */
  readonly shared: number;
  /** How many fit the device's limits at most, whatever memory it has. */
  readonly most: number;
  /** Which limit that is. */
  readonly limitedBy: string;
}

/** What networks side by side need for steps; nothing is made. */
export function measureMemory(engine: Engine, steps: readonly PlannedStep[]): MemberMemory {
  return engine instanceof GpuEngine ? onGpu(engine, steps) : onReference(steps);
}

/** The reference has the states alone: as they are, and as they were last kept. */
function onReference(steps: readonly PlannedStep[]): MemberMemory {
  const states = new Set(steps.flatMap(({ step }) => step.updates.map(({ state }) => state)));
  const elements = [...states].reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const each = 2 * elements * Float32Array.BYTES_PER_ELEMENT;
  return { each, shared: 0, most: Number.MAX_SAFE_INTEGER, limitedBy: 'nothing' };
}

/** Plans the steps, and adds up what is laid out for them. */
function onGpu(engine: GpuEngine, steps: readonly PlannedStep[]): MemberMemory {
  const executor = engine.createExecutor({ debug: false });
  try {
    const { layout, slots } = executor;
    let tables = 0;
    for (const { step, ring, watch } of steps) {
      const { words } = plan(step, layout, executor.planOptions({ watch, ...(ring !== undefined && { ring }) }));
      tables += words * 4 * slots;
    }
    const { limits } = engine.device;
    const bindable = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
    let most = limits.maxComputeWorkgroupsPerDimension;
    let limitedBy = `${most} workgroups in a row`;
    let each = tables;
    let shared = 0;
    for (const storage of layout.storages) {
      if (!storage.perMember) {
        shared += storageBytes(storage, 1);
        continue;
      }
      const bytes = slotElements(storage, 1) * storage.slots * elementBytes(storage);
      // What is kept of a state is a copy of its storage.
      each += storage.kind === 'state' ? 2 * bytes : bytes;
      if (bindable >= most * bytes) continue;
      most = Math.floor(bindable / bytes);
      limitedBy = `${storage.name}: ${bytes} bytes a network, of which a buffer holds at most ${bindable}`;
    }
    return { each, shared, most, limitedBy };
  } finally {
    executor.dispose();
  }
}
