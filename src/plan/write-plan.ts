import { live } from '../graph/live.js';
import { BASELINE_DEVICE, chooseVariant } from '../kernels/kernel.js';
import { leafName, scalarOp } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import { computedBy, type Group } from './group.js';
import type { Layout, View } from './layout.js';
import { readsOf } from './order.js';
import type { Dispatch, Plan, PlanOptions } from './plan.js';
import { shapeName } from './preferences.js';
import type { Schedule } from './schedule.js';
import type { ShaderContext } from './shader-context.js';
import { title, writeShader } from './shader-writer.js';

/** Gives a schedule memory and text. */
export function writePlan(schedule: Schedule, layout: Layout, options: PlanOptions): Plan {
  const { groups, rode, updates, metrics, wanted, now } = schedule;
  const reads = new Map(groups.map((group) => [group, readsOf(group, rode)]));
  const { scalars, words } = slotsOf(wanted);
  placeLeaves(wanted, layout);
  const places = placesOf(schedule, new Set([...reads.values()].flatMap((set) => [...set])), layout, options.ring);
  const results = new Set([...metrics, ...updates.map(({ value }) => value)]);
  const watched = options.watch ? [...results].filter(({ dtype }) => dtype === 'f32') : [];

  const find = <T>(found: T | undefined, tensor: Tensor): T => {
    if (found === undefined) throw new Error(`plan: ${leafName(tensor) ?? tensor.op.name} is read, but lies nowhere`);
    return found;
  };
  const context: ShaderContext = {
    view: (tensor) => find(places.get(tensor)?.[0] ?? layout.find(tensor), tensor),
    inlined: (tensor) => rode.inlined.has(tensor),
    stores: (tensor) => places.get(tensor) ?? [],
    slot: (tensor) => find(scalars.get(tensor), tensor),
    words: () => words,
    flag: (tensor) => (watched.includes(tensor) ? watched.indexOf(tensor) : undefined),
    flagWords: () => Math.ceil(watched.length / 32),
  };
  const nameOfWatched = (tensor: Tensor) =>
    updates.filter(({ value }) => value === tensor).map(({ state }) => leafName(state))[0] ?? 'loss';

  return {
    dispatches: groups.map((group) => writeDispatch(group, [...(reads.get(group) ?? [])], context, options)),
    layout,
    scalars,
    words,
    watched: watched.map(nameOfWatched),
    view: (tensor) => places.get(now(tensor))?.[0] ?? layout.find(now(tensor)),
  };
}

function writeDispatch(group: Group, reads: readonly Tensor[], context: ShaderContext, options: PlanOptions): Dispatch {
  const { kernel, dimensions } = group;
  const { device = BASELINE_DEVICE, preferences } = options;
  const preferred = options.variant ?? preferences?.get(shapeName(kernel, dimensions));
  const variant = chooseVariant(kernel, dimensions, device, preferred);
  return {
    ...writeShader(group, variant, device, context),
    title: title(group, variant),
    kernel,
    variant,
    dimensions,
    grid: variant.grid(dimensions, device),
    reads,
    writes: computedBy(group).filter((tensor) => context.stores(tensor).length > 0),
  };
}

/** The first word of every scalar leaf in a member's part of the step table, and how many words there are. */
function slotsOf(wanted: readonly Tensor[]): { scalars: Map<Tensor, number>; words: number } {
  const scalars = new Map<Tensor, number>();
  let words = 0;
  for (const tensor of live(wanted)) {
    if (tensor.op !== scalarOp) continue;
    scalars.set(tensor, words);
    words += tensor.cols;
  }
  return { scalars, words };
}

function placeLeaves(wanted: readonly Tensor[], layout: Layout): void {
  for (const tensor of live(wanted)) {
    if (leafName(tensor) !== undefined && tensor.op !== scalarOp) layout.place(tensor);
  }
}

/** Finds places for results, in the order of dispatches; what nobody reads is stored nowhere. */
function placesOf(
  { groups, updates, metrics, outputs }: Schedule,
  read: ReadonlySet<Tensor>,
  layout: Layout,
  ring: string | undefined,
): Map<Tensor, View[]> {
  const places = new Map<Tensor, View[]>();
  for (const tensor of groups.flatMap(computedBy)) {
    const views = updates.filter(({ value }) => value === tensor).map(({ state }) => layout.place(state));
    if (metrics.includes(tensor)) views.push(layout.place(tensor, 'ring', ring));
    else if (outputs.includes(tensor)) views.push(layout.place(tensor, 'output'));
    else if (views.length === 0 && read.has(tensor)) views.push(layout.place(tensor));
    if (views.length) places.set(tensor, views);
  }
  return places;
}
