import { live } from '../graph/live.js';
import { rewrite } from '../graph/rewrite.js';
import type { Step } from '../graph/step.js';
import type { Dimensions, Kernel, Variant } from '../kernels/kernel.js';
import { expand } from '../ops/index.js';
import { leafName, scalarOp } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import type { Binding, Field } from './bindings.js';
import { cover } from './cover.js';
import { computedBy, type Group } from './group.js';
import type { Layout, View } from './layout.js';
import { order, readsOf } from './order.js';
import { type Ride, ride } from './ride.js';
import { title, type WrittenShader, writeShader } from './shader-writer.js';

/** One dispatch of a plan. */
export interface Dispatch extends WrittenShader {
  /** Kernel, variant and riders. */
  readonly title: string;
  readonly kernel: Kernel;
  readonly variant: Variant;
  readonly dimensions: Dimensions;
  /** Workgroups along x and y; z is the member. */
  readonly grid: readonly [x: number, y: number];
  /** Tensors read from memory, and tensors stored. */
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
}

/** A step as an ordered list of dispatches with their final WGSL; no device is involved. */
export interface Plan {
  readonly dispatches: readonly Dispatch[];
  readonly layout: Layout;
  /** Scalar leaves with their first word in a member's part of the step table. */
  readonly scalars: ReadonlyMap<Tensor, number>;
  /** Words of a member's part of the step table. */
  readonly words: number;
  /** Names of what is watched for non-finite numbers, by bit; empty if nothing is. */
  readonly watched: readonly string[];
  /** Where a tensor of the step lies after the step, as the step was written (before rewriting). */
  view(tensor: Tensor): View | undefined;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Elementwise ops ride in epilogues, and compound kernels are used. Default true. */
  ride?: boolean;
  /** The variant of a kernel. Default: its first. */
  variant?(kernel: Kernel, dimensions: Dimensions): string;
  /** Storage buffers that a dispatch may bind, the step table included. Default 8, WebGPU's guaranteed number. */
  maxStorageBuffers?: number;
  /** Tensors to store beside what the step needs; see `Plan.view`. */
  taps?: readonly Tensor[];
  /** Name of the storage that holds the metrics of steps. Default 'ring'. */
  ring?: string;
  /** Flag new states and metrics that are not finite. Default false. */
  watch?: boolean;
}

/**
 * Turns a step into dispatches: rewrite, cover with kernels, let elementwise ops ride, order, lay out, write the WGSL.
 * @throws Error if no kernel computes an op, or a kernel's own operands exceed the device's bindings.
 */
export function plan(step: Step, layout: Layout, options: PlanOptions = {}): Plan {
  const { ride: riding = true, maxStorageBuffers = 8 } = options;
  const alone = new Set<Tensor>();
  const detached = new Set<Tensor>();
  for (;;) {
    const draft = draftPlan(step, layout, options, alone, detached);
    if (draft.blocked) {
      detached.add(draft.blocked);
      continue;
    }
    const crowded = draft.groups.findIndex((_, i) => draft.plan.dispatches[i].bindings.length + 1 > maxStorageBuffers);
    if (crowded < 0) return draft.plan;
    const last = [...draft.groups[crowded].riders.values()].flat().pop();
    if (!last || !riding || alone.has(last)) {
      const { title, bindings } = draft.plan.dispatches[crowded];
      throw new Error(
        `plan: ${title} binds ${bindings.length + 1} storage buffers, the device allows ${maxStorageBuffers}`,
      );
    }
    alone.add(last);
  }
}

function draftPlan(
  step: Step,
  layout: Layout,
  options: PlanOptions,
  alone: ReadonlySet<Tensor>,
  detached: ReadonlySet<Tensor>,
) {
  const { ride: riding = true, taps = [], watch = false } = options;
  const replaced = rewrite([...step.updates.map(({ value }) => value), ...step.metrics, ...step.outputs, ...taps]);
  const now = (tensor: Tensor) => replaced.get(tensor) ?? tensor;
  const updates = step.updates
    .map(({ state, value }) => ({ state, value: detached.has(state) ? expand(now(value), state) : now(value) }))
    .filter(({ state, value }) => state !== value);
  const metrics = step.metrics.map(now);
  const outputs = [...step.outputs, ...taps].map(now);
  const wanted = [...updates.map(({ value }) => value), ...metrics, ...outputs];

  const covered = cover(wanted, riding);
  const copies = updates.filter(({ state }) => detached.has(state)).map(({ value }) => value);
  const stored = new Set([...wanted.filter((tensor) => tensor.op.kind !== 'leaf'), ...covered.operands]);
  const rode = ride(covered, { ride: riding, stored, alone: new Set([...alone, ...copies]) });
  const ordered = order(rode, updates);
  if (!ordered.groups) return { blocked: ordered.blocked };

  const scalars = new Map<Tensor, number>();
  let words = 0;
  for (const tensor of live(wanted)) {
    if (tensor.op !== scalarOp) continue;
    scalars.set(tensor, words);
    words += tensor.cols;
  }
  for (const tensor of live(wanted)) if (leafName(tensor) && tensor.op !== scalarOp) layout.place(tensor);
  const replaces = new Map<Tensor, Tensor[]>();
  for (const { state, value } of updates) replaces.set(value, [...(replaces.get(value) ?? []), state]);
  const readers = new Map<Tensor, number>();
  const reads = new Map(ordered.groups.map((group) => [group, readsOf(group, rode)]));
  for (const set of reads.values()) for (const tensor of set) readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
  const places = placesOf(rode, layout, { metrics, outputs, replaces, readers, ring: options.ring });
  const watched = watch ? [...new Set([...metrics, ...updates.map(({ value }) => value)])] : [];

  const dispatches = ordered.groups.map((group): Dispatch => {
    const { kernel, dimensions } = group;
    const name = options.variant?.(kernel, dimensions) ?? kernel.variants[0].name;
    const variant = kernel.variants.find((each) => each.name === name) ?? kernel.variants[0];
    const written = writeShader(group, variant, {
      view: (tensor) => viewOf(tensor),
      inlined: (tensor) => rode.inlined.has(tensor),
      stores: (tensor) => places.get(tensor) ?? [],
      slot: (tensor) => slotOf(tensor),
      words: () => words,
      flag: (tensor) => (watched.includes(tensor) ? watched.indexOf(tensor) : undefined),
      flagWords: () => Math.ceil(watched.length / 32),
    });
    return {
      ...written,
      title: title(group, variant),
      kernel,
      variant,
      dimensions,
      grid: variant.grid(dimensions),
      reads: [...(reads.get(group) ?? [])],
      writes: computedBy(group).filter((tensor) => places.has(tensor)),
    };
  });

  function viewOf(tensor: Tensor): View {
    const view = places.get(tensor)?.[0] ?? layout.find(tensor);
    if (!view) throw new Error(`plan: ${tensor.op.name} is read, but lies nowhere`);
    return view;
  }

  function slotOf(tensor: Tensor): number {
    const slot = scalars.get(tensor);
    if (slot === undefined) throw new Error(`plan: ${leafName(tensor)} is no scalar of this step`);
    return slot;
  }

  const result: Plan = {
    dispatches,
    layout,
    scalars,
    words,
    watched: watched.map((tensor) => replaces.get(tensor)?.map(leafName).join(', ') ?? 'loss'),
    view: (tensor) => places.get(now(tensor))?.[0] ?? layout.find(now(tensor)),
  };
  return { plan: result, groups: ordered.groups };
}

interface Wanted {
  readonly metrics: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly replaces: ReadonlyMap<Tensor, readonly Tensor[]>;
  readonly readers: ReadonlyMap<Tensor, number>;
  readonly ring?: string;
}

/** Where every result is stored; what nobody reads is stored nowhere. */
function placesOf({ producer }: Ride, layout: Layout, wanted: Wanted): Map<Tensor, View[]> {
  const places = new Map<Tensor, View[]>();
  for (const tensor of producer.keys()) {
    const states = wanted.replaces.get(tensor) ?? [];
    const views = states.map((state) => layout.place(state));
    if (wanted.metrics.includes(tensor)) views.push(layout.place(tensor, 'ring', wanted.ring));
    else if (wanted.outputs.includes(tensor)) views.push(layout.place(tensor, 'output'));
    else if (states.length === 0 && wanted.readers.has(tensor)) views.push(layout.place(tensor));
    if (views.length) places.set(tensor, views);
  }
  return places;
}

export type { Binding, Field, Group };
