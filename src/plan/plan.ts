import { LABELS, live, type Step } from '../graph/step.js';
import {
  BASELINE_DEVICE,
  chooseVariant,
  type DeviceTraits,
  type Dimensions,
  type Kernel,
  type Preferences,
  shapeName,
  type Variant,
} from '../kernels/kernel.js';
import { map } from '../kernels/map.js';
import { constantOp, leafName, scalarOp, type Tensor } from '../ops/index.js';
import { computedBy, type Group } from './cover.js';
import type { ShaderContext } from './epilogue.js';
import type { Layout, View } from './layout.js';
import { readsOf } from './order.js';
import { type Schedule, schedule } from './schedule.js';
import { title, type WrittenShader, writeShader } from './shader-writer.js';

export type { DeviceTraits, Kernel, Preferences };

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
  /** Names of what is watched, by bit: `LABELS`, and metrics and states for non-finite numbers; empty if nothing is. */
  readonly watched: readonly string[];
  /** Returns the place after the step of a tensor of the step as it was written (before rewriting). */
  view(tensor: Tensor): View | undefined;
}

/** Options of `plan`. */
export interface PlanOptions {
  /** The kernels to compute with, those that cover most first. */
  kernels: readonly Kernel[];
  /** Elementwise ops ride in epilogues, and compound kernels are used. Default true. */
  ride?: boolean | undefined;
  /** Traits on which the choice of variants depends. Default: those that every device has. */
  device?: DeviceTraits | undefined;
  /** The variant of every kernel that has it and that the device can run. Default: the one that suits best. */
  variant?: string | undefined;
  /** Variants of kernels at single shapes, where `variant` names none. Default: none. */
  preferences?: Preferences | undefined;
  /** Storage buffers that a dispatch may bind, the step table included. Default 8, WebGPU's guaranteed number. */
  maxStorageBuffers?: number | undefined;
  /** Tensors to store beside what the step needs; see `Plan.view`. */
  taps?: readonly Tensor[] | undefined;
  /** Name of the storage that holds the metrics of steps. Default 'ring'. */
  ring?: string | undefined;
  /** Flag labels that are no class, and new states and metrics that are not finite. Default false. */
  watch?: boolean | undefined;
}

/** Storage buffers of a dispatch beside its own: the step table. */
const TABLES = 1;

/**
 * Turns a step into dispatches: rewrite, cover with kernels, let elementwise ops ride, order, lay out, write the WGSL.
 * A dispatch that would bind more buffers than the device allows gives up riders until it fits, and then its kernel for smaller ones.
 * @throws Error if no kernel computes an op, or a kernel's own operands exceed the device's bindings.
 */
export function plan(step: Step, layout: Layout, options: PlanOptions): Plan {
  const { kernels, ride = true, taps = [], maxStorageBuffers = 8 } = options;
  const [alone, shed, apart] = [new Set<Tensor>(), new Set<Tensor>(), new Set<Tensor>()];
  for (;;) {
    const scheduled = schedule(step, { kernels, ride, taps, alone, shed, apart });
    const planned = writePlan(scheduled, layout, options);
    const crowded = planned.dispatches.findIndex(({ bindings }) => bindings.length + TABLES > maxStorageBuffers);
    if (crowded < 0) return planned;
    const { kernel, riders, outputs } = scheduled.groups[crowded];
    const last = [...riders.values()].flat().pop();
    if (!last && kernel.compound && ![...outputs.values()].every((output) => apart.has(output))) {
      for (const output of outputs.values()) apart.add(output);
      continue;
    }
    if (!last || !ride || alone.has(last)) {
      const { title, bindings } = planned.dispatches[crowded];
      const bound = bindings.length + TABLES;
      throw new Error(`plan: ${title} binds ${bound} storage buffers, the device allows ${maxStorageBuffers}`);
    }
    (kernel === map ? alone : shed).add(last);
  }
}

/** Returns the plan of a schedule: places in memory and the WGSL of every dispatch. */
function writePlan(schedule: Schedule, layout: Layout, options: PlanOptions): Plan {
  const { groups, rode, updates, metrics, wanted, now } = schedule;
  const reads = new Map(groups.map((group) => [group, readsOf(group, rode)]));
  const { scalars, words } = slotsOf(wanted);
  placeLeaves(wanted, layout);
  const places = placesOf(schedule, new Set([...reads.values()].flatMap((set) => [...set])), layout, options.ring);
  const results = new Set([...metrics, ...updates.map(({ value }) => value)]);
  const watched = options.watch ? [...results].filter(({ dtype }) => dtype === 'f32') : [];
  const nameOfWatched = (tensor: Tensor) =>
    updates.filter(({ value }) => value === tensor).map(({ state }) => leafName(state))[0] ?? 'loss';
  // First, since a step is known by its first flag: a wrong label may make a loss that is not finite.
  const labels = watched.length > 0 && groups.some(({ kernel }) => hasLabels(kernel)) ? [LABELS] : [];
  const names = [...labels, ...watched.map(nameOfWatched)];

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
    flag: (tensor) => (watched.includes(tensor) ? labels.length + watched.indexOf(tensor) : undefined),
    labelFlag: labels.length > 0 ? 0 : undefined,
    flagWords: () => Math.ceil(names.length / 32),
  };

  return {
    dispatches: groups.map((group) => writeDispatch(group, [...(reads.get(group) ?? [])], context, options)),
    layout,
    scalars,
    words,
    watched: names,
    view: (tensor) => places.get(now(tensor))?.[0] ?? layout.find(now(tensor)),
  };
}

const hasLabels = ({ inputs }: Kernel) => Object.values(inputs).some(({ flagged }) => flagged);

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

/** Returns the first word of every scalar leaf in a member's part of the step table, and the number of words. */
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

/** Returns the places of results, in the order of dispatches. A result without a reader is not stored. */
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

/** The work of a dispatch for one member. */
export interface DispatchCost {
  /** Floating-point operations of the kernel; its riders are not counted. */
  readonly flops: number;
  /** Bytes of the tensors that it reads and stores, each counted once, without pads. */
  readonly bytes: number;
}

/** Returns the least that a dispatch has to compute and to move. */
export function dispatchCost({ kernel, dimensions, reads, writes }: Dispatch): DispatchCost {
  const { e, m } = dimensions;
  const bytesOf = ({ op, rows, cols, dtype }: Tensor) => {
    if (op === scalarOp || op === constantOp) return 0;
    // A gather reads only the batch's rows of a data set (letter e).
    return (rows === e ? m : rows) * cols * (dtype === 'u8' ? 1 : 4);
  };
  const bytes = [...reads, ...writes].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  return { flops: kernel.flops(dimensions), bytes };
}
