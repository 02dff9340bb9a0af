import type { Debugging, DebugLevel, Log } from '../gpu/debugging.js';
import { storageBytes } from '../plan/layout.js';
import { dispatchCost, type Plan } from '../plan/plan.js';
import { printPlan } from '../plan/print-plan.js';
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

/** Returns a number with a metric prefix, for its unit to follow: '1.2 M'. */
export function short(value: number): string {
  const units = [' ', ' k', ' M', ' G', ' T'];
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  return `${Number((value / 1000 ** power).toPrecision(3))}${units[power]}`;
}

const count = (n: number, what: string, plural: string) => `${n} ${what}${n === 1 ? '' : plural}`;

/** Returns a plan as text: its dispatches with their costs, its memory and the number of shared shaders. */
function describePlan(plan: Plan, members: number): string {
  const { dispatches, layout } = plan;
  const costs = dispatches.map(dispatchCost);
  const texts = new Set(dispatches.map(({ wgsl }) => wgsl)).size;
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const lines = printPlan(plan).split('\n');
  const priced = lines.map((line, i) => {
    if (i >= dispatches.length) return line;
    return `${line} | ${short(costs[i].flops)}flop, ${short(costs[i].bytes)}B`;
  });
  const kinds = ['state', 'input', 'activation', 'output', 'ring'].flatMap((kind) => {
    const own = layout.storages.filter((storage) => storage.kind === kind);
    const bytes = sum(own.map((storage) => storageBytes(storage, storage.perMember ? members : 1)));
    return own.length ? [`${kind} ${short(bytes)}B in ${own.length}`] : [];
  });
  return [
    `wgrad plan: ${count(dispatches.length, 'dispatch', 'es')}, ${count(texts, 'shader', 's')} (${dispatches.length - texts} reused), ${short(sum(costs.map(({ flops }) => flops)))}flop and ${short(sum(costs.map(({ bytes }) => bytes)))}B a member`,
    ...priced,
    `memory of the model for ${count(members, 'member', 's')}, no buffer of which is reused: ${kinds.join(', ')}`,
  ].join('\n');
}
