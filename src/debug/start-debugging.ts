import type { Debugging, DebugLevel, Log } from '../gpu/debugging.js';
import { describePlan } from './describe-plan.js';
import { checkDispatches } from './dispatch-checker.js';
import { observeDispatches } from './observed-run.js';
import { Profiler } from './profiler.js';

/** Returns the debugging of an engine at a level above 0. */
export function startDebugging(level: DebugLevel, log: Log): Debugging {
  const profiler = new Profiler(log);
  return {
    level,
    describe(plan, members) {
      log(describePlan(plan, members));
      if (level >= 3) for (const { wgsl } of plan.dispatches) log(wgsl);
    },
    observe(device, memory) {
      if (level < 2) return undefined;
      const profile = profiler.observe(device);
      return observeDispatches(level < 4 ? [profile] : [profile, checkDispatches(device, memory)]);
    },
  };
}
