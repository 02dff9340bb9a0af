import type { MemberMemory, OwnInputs, PlannedStep } from '../graph/engine.js';
import { elementBytes, slotElements, storageBytes } from '../plan/layout.js';
import { plan } from '../plan/plan.js';
import type { GpuEngine } from './engine.js';

/** Plans steps without making anything, and adds up what networks side by side need for them. */
export function measureMemory(engine: GpuEngine, steps: readonly PlannedStep[], ownInputs: OwnInputs): MemberMemory {
  const executor = engine.createExecutor({ ownInputs, debug: false });
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
