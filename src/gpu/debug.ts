import { dispatchCost } from '../plan/dispatch-cost.js';
import { storageBytes } from '../plan/layout.js';
import type { Plan } from '../plan/plan.js';
import { printPlan } from '../plan/print-plan.js';

/**
 * How much an engine tells; each level tells what the lower ones do, too.
 *
 * | level | what |
 * |---|---|
 * | 0 | nothing |
 * | 1 | the plan of every program: dispatches, what rides on them, flops, bytes, memory, how many shaders are shared |
 * | 2 | time, GB/s and GFLOP/s of every dispatch, after 1, 10, 100, ... steps, and as tracks of Chrome's Performance panel; needs timestamp queries, without which whole steps are timed |
 * | 3 | the final WGSL of every dispatch |
 * | 4 | every dispatch that the engine submits is compared with the float64 interpretation of its ops, within their bounds, and looked through for numbers that are not finite: what comes next throws. Slow: for small models |
 *
 * At level 2 and above every dispatch is a compute pass of its own; steps that you encode yourself are not looked at.
 */
export type DebugLevel = 0 | 1 | 2 | 3 | 4;

/** What the levels of the dial are written to. */
export type Log = (text: string) => void;

/** A number with a prefix of thousands, for its unit to follow: '1.2 M'. */
export function short(value: number): string {
  const units = [' ', ' k', ' M', ' G', ' T'];
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  return `${Number((value / 1000 ** power).toPrecision(3))}${units[power]}`;
}

const count = (n: number, what: string, plural: string) => `${n} ${what}${n === 1 ? '' : plural}`;

/** A plan for people: its dispatches with what they cost, its memory, how much of it and of the shaders is shared. */
export function describePlan(plan: Plan, members: number): string {
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
