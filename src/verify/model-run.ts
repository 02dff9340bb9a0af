import { type Batch, isGpuBuffer, readBatch } from '../data/batch.js';
import { brokenGuards, readStored, type Stored } from '../debug/stored.js';
import { checkOptions } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { GpuEngine } from '../gpu/engine.js';
import type { GpuCompileOptions, GpuExecutor } from '../gpu/gpu-executor.js';
import type { GpuProgram } from '../gpu/gpu-program.js';
import type { MetricRow } from '../graph/engine.js';
import { type HostContext, live, type Step } from '../graph/step.js';
import { scalarOp, type Tensor, type Values } from '../ops/index.js';
import { Layout } from '../plan/layout.js';
import { plan } from '../plan/plan.js';
import { nameOf } from '../plan/ride.js';
import type { Random } from '../random/random.js';
import type { Feed } from '../reference/interpret.js';
import { scalarValues } from '../reference/reference-engine.js';
import type { Session } from '../train/session.js';

/** Rows to train on, all of them valid. */
export interface Rows {
  readonly x: Float32Array;
  readonly y: Float32Array | Uint32Array;
  readonly count: number;
}

/** A step as the GPU took it: what it started from and what it made, by member. */
export interface TakenStep {
  readonly contexts: readonly HostContext[];
  readonly inputs: ReadonlyMap<Tensor, Values>;
  readonly before: readonly (readonly Stored[])[];
  readonly after: readonly (readonly Stored[])[];
  readonly metrics: readonly MetricRow[];
  /** Every tensor on the way, stored by the same kernels in further runs from the same state. */
  readonly interior: readonly (readonly Stored[])[];
  /** The states after each of those runs. */
  readonly afterTapped: readonly (readonly (readonly Stored[])[])[];
  readonly brokenGuards: readonly string[];
}

/** A program that stores some of the tensors on the way. */
export interface Tapped {
  readonly taps: readonly Tensor[];
  readonly program: GpuProgram;
}

/**
 * A trainer's model on memory of its own, from the trainer's state: it runs the trainer's very pipelines, and again with
 * every tensor stored, as many at a time as the device can bind; the trainer itself is only read. Members beside the first
 * have other seeds.
 */
export class ModelRun {
  readonly states: readonly Tensor[];
  /** Every tensor that the step computes on its way to metrics and new states, and that could be stored. */
  readonly interior: readonly Tensor[];
  #steps = 0;

  /** `start` are the trainer's states, in the order of the step's updates. */
  static async create(
    engine: GpuEngine,
    session: Session,
    start: readonly Float32Array[],
    members: number,
  ): Promise<ModelRun> {
    const { model, compiled } = session;
    const step = model.step(compiled);
    const ends = [...step.metrics, ...step.updates.map(({ value }) => value)];
    const inside = live(ends).filter((tensor) => tensor.op.kind !== 'leaf' && !ends.includes(tensor));
    const states = step.updates.map(({ state }) => state);
    const executor = engine.createExecutor({ members, guards: 1, slots: 4, debug: false });
    try {
      const { shares, left } = shareOut(executor, step, inside);
      const compile = (options: GpuCompileOptions) =>
        executor.compile(step, model.scalars, { watch: true, ...options });
      const [program, ...tapped] = await Promise.all([
        compile({}),
        ...shares.map(
          async (taps, i): Promise<Tapped> => ({ taps, program: await compile({ taps, ring: `tapped${i}` }) }),
        ),
      ]);
      for (let member = 0; member < members; member++) {
        for (const [i, state] of states.entries()) executor.write(state, start[i], member);
      }
      return new ModelRun(session, step, executor, program, tapped, left);
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  /** @param unstorable the tensors that this device cannot store beside what a dispatch binds anyway */
  private constructor(
    readonly session: Session,
    readonly step: Step,
    readonly executor: GpuExecutor,
    readonly program: GpuProgram,
    readonly tapped: readonly Tapped[],
    readonly unstorable: readonly Tensor[],
  ) {
    this.states = step.updates.map(({ state }) => state);
    this.interior = tapped.flatMap(({ taps }) => taps);
  }

  /** Takes the next step on `rows`, again and again from the same state: with tensors stored, and at last as it is. */
  async take({ x, y, count }: Rows): Promise<TakenStep> {
    const { executor, program, tapped, states } = this;
    const { x: xLeaf, y: yLeaf } = this.session.compiled;
    const inputs = new Map([
      [xLeaf, this.#give(xLeaf, x)],
      [yLeaf, this.#give(yLeaf, y)],
    ]);
    const contexts = this.#contexts(count);
    const before = await readStored(executor, program.plan, states);
    const stored: Stored[][] = before.map(() => []);
    const afterTapped: Stored[][][] = [];
    for (const { taps, program: storing } of tapped) {
      storing.run([contexts]);
      for (const [member, own] of (await readStored(executor, storing.plan, taps)).entries())
        stored[member].push(...own);
      afterTapped.push(await readStored(executor, storing.plan, states));
      for (const [member, own] of before.entries()) {
        for (const [i, state] of states.entries()) executor.write(state, own[i].values, member);
      }
    }
    program.run([contexts]);
    this.#steps++;
    const after = await readStored(executor, program.plan, states);
    const [metrics] = await program.metrics(1);
    const broken = (await brokenGuards(executor)).map(({ name }) => name);
    return { contexts, inputs, before, after, metrics, interior: stored, afterTapped, brokenGuards: broken };
  }

  /** Notes on the tensors that could not be stored. */
  get notes(): string[] {
    const { length } = this.unstorable;
    return length
      ? [`${length} tensors on the way could not be stored on this device: ${this.unstorable.map(nameOf).join(', ')}`]
      : [];
  }

  /** The leaves that the reference starts from: the GPU's own state, the batch, the scalars as uploaded. */
  feed(member: number, { contexts, inputs, before }: Pick<TakenStep, 'contexts' | 'inputs' | 'before'>): Feed {
    return (leaf) => {
      if (leaf.op === scalarOp) return scalarValues(leaf, this.session.model.scalars, contexts[member]);
      const { rows, cols } = leaf;
      const state = this.states.indexOf(leaf);
      return state < 0 ? (inputs.get(leaf) as Values) : { rows, cols, data: before[member][state].values };
    };
  }

  #contexts(count: number): HostContext[] {
    const { session } = this;
    const base = session.context(session.ledger.steps + this.#steps, 0, count);
    const [low, high] = base.seed;
    return Array.from({ length: this.executor.members }, (_, member) => ({
      ...base,
      seed: [(low + member) >>> 0, high],
    }));
  }

  #give(leaf: Tensor, data: Float32Array | Uint32Array): Values {
    this.executor.write(leaf, data);
    const whole = new Float64Array(leaf.rows * leaf.cols); // rows that are not given are 0
    whole.set(data);
    return { rows: leaf.rows, cols: leaf.cols, data: whole };
  }

  dispose(): void {
    this.executor.dispose();
  }
}

/** Tensors shared out so that the device can store each share beside what a step stores anyway, and those it cannot. */
function shareOut(
  executor: GpuExecutor,
  step: Step,
  tensors: readonly Tensor[],
): { shares: Tensor[][]; left: Tensor[] } {
  if (tensors.length === 0) return { shares: [], left: [] };
  try {
    plan(step, new Layout(), executor.planOptions({ watch: true, taps: tensors }));
    return { shares: [[...tensors]], left: [] };
  } catch {
    if (tensors.length === 1) return { shares: [], left: [...tensors] };
    const half = tensors.length >> 1;
    const [a, b] = [tensors.slice(0, half), tensors.slice(half)].map((each) => shareOut(executor, step, each));
    return { shares: [...a.shares, ...b.shares], left: [...a.left, ...b.left] };
  }
}

/** A trainer's states, in the order of its step's updates. @throws EngineError of kind `diverged` if one is not finite */
export async function finiteStates({ model, compiled, executor }: Session): Promise<Float32Array[]> {
  const states = model.step(compiled).updates.map(({ state }) => state);
  const values = await executor.read(states);
  const bad = values.findIndex((each) => !each.every(Number.isFinite));
  if (bad < 0) return values;
  throw new EngineError('diverged', `verify: ${states[bad].attributes.name} is not finite; read metrics() first`);
}

/** A batch for a session's model: examples in [-1, 1), class indices or targets in [0, 1). */
export function randomRows({ options, compiled }: Session, random: Random, count: number): Rows {
  const { features, loss } = options;
  const classes = loss.targets === 'classes';
  const y = classes
    ? Uint32Array.from({ length: count }, () => Math.floor(random.uniform(0, compiled.outputs)))
    : random.floats(count * compiled.outputs, 0, 1);
  return { x: random.floats(count * features, -1, 1), y, count };
}

/** The caller's batch, checked as `step` checks it. @throws TypeError, RangeError or EngineError of kind `data` */
export function rowsOf(where: string, { options, compiled }: Session, batch: Batch): Rows {
  checkOptions(`${where}: batch`, batch, ['x', 'y']);
  if (isGpuBuffer(batch.x) || isGpuBuffer(batch.y)) {
    throw new TypeError(`${where}: batch must hold arrays, which the reference can read, got a GPUBuffer`);
  }
  const { features, batchSize, loss } = options;
  const classes = loss.targets === 'classes';
  return readBatch(where, batch, { features, batchSize, outputs: compiled.outputs, classes, fault: loss.fault });
}
