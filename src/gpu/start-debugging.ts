import type { Debugging, DebugLevel, Log } from './debug.js';
import { describePlan } from './describe-plan.js';
import { checkDispatches } from './dispatch-checker.js';
import { Profiler } from './profiler.js';
import { together } from './run-observer.js';

/** Returns what an engine does at a level of debugging above 0. */
export function startDebugging(level: DebugLevel, log: Log): Debugging {
  const profiler = new Profiler(log);
  return {
    level,
    describe({ plan, members }) {
      log(describePlan(plan, members));
      if (level >= 3) for (const { wgsl } of plan.dispatches) log(wgsl);
    },
    observe(executor) {
      if (level < 2) return undefined;
      const profile = profiler.observe(executor.engine);
      return level < 4 ? profile : together([profile, checkDispatches(executor)]);
    },
  };
}
