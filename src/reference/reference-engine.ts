import { EngineError } from '../errors/engine-error.js';
import {
  type CompileOptions,
  type Elements,
  type Engine,
  type EngineInfo,
  type Executor,
  type ExecutorOptions,
  type GoodStates,
  type MetricRow,
  type Program,
  type Snapshot,
  type StepContexts,
  wholeRows,
} from '../graph/engine.js';
import { type HostContext, hostOf, type Scalars, type Step } from '../graph/step.js';
import { leafName, scalarOp, stateOp } from '../ops/leaves.js';
import type { Tensor, Values } from '../ops/tensor.js';
import { interpret } from './interpret.js';
import { ReferenceKeeper, type States } from './reference-keeper.js';

/** Returns a leaf's words at a step as the GPU's table holds them: f32 rounded once, u32 unchanged. */
export function scalarValues(leaf: Tensor, scalars: Scalars, context: HostContext): Values {
  const words = hostOf(leaf, scalars)(context);
  return {
    rows: leaf.rows,
    cols: leaf.cols,
    data: leaf.dtype === 'f32' ? Float32Array.from(words) : Uint32Array.from(words),
  };
}

/** A page that is busy for longer seems to hang. */
const BUSY_MILLISECONDS = 50;

/** Runs steps on the CPU, by the interpreter with f32 storage: slowly, for machines without WebGPU. */
class ReferenceExecutor implements Executor {
  readonly capacity: number;
  #members: number;
  readonly #snapshots: ReferenceSnapshot[] = [];
  #states: States[];
  /** Missing if no program keeps states. */
  #keeper: ReferenceKeeper | undefined;
  /** Inputs that all members share, and each member's own. */
  readonly #shared = new Map<Tensor, Values>();
  readonly #own: readonly Map<Tensor, Values>[];

  readonly #slots: number;
  #rested = performance.now();

  constructor({ members = 1, slots = 256 }: ExecutorOptions = {}) {
    this.capacity = members;
    this.#members = members;
    this.#slots = slots;
    this.#states = Array.from({ length: members }, () => new Map());
    this.#own = Array.from({ length: members }, () => new Map());
  }

  get members(): number {
    return this.#members;
  }

  /** The bytes of the states, and of the two copies where good ones are kept. */
  get bytes(): number {
    const sizes = this.#states.flatMap((states) => [...states.values()].map(({ byteLength }) => byteLength));
    return (this.#keeper ? 3 : 1) * sizes.reduce((sum, size) => sum + size, 0);
  }

  async compile(step: Step, scalars: Scalars, options: CompileOptions = {}): Promise<Program> {
    const { watch = false, keeps = false } = options;
    const rows: MetricRow[][] = [];
    const slots = this.#slots;
    if (keeps) this.#keeper ??= new ReferenceKeeper(slots);
    const { updates, metrics } = step;
    const onlyShared = metrics.length === 0 && updates.length > 0 && updates.every(({ state }) => isShared(state));
    const runStep = (contexts: StepContexts, extra: readonly Tensor[]) =>
      (onlyShared && extra.length === 0 ? contexts.slice(0, 1) : contexts).map((context, member) =>
        this.#run(step, scalars, context, member, extra, watch),
      );
    const run = (steps: readonly StepContexts[], extra: readonly Tensor[], before?: Program) =>
      steps.map((contexts) => {
        before?.run([contexts]);
        const done = runStep(contexts, extra);
        rows.push(done.map(({ row }) => row));
        if (rows.length > slots) rows.shift();
        if (keeps) this.#keeper?.count(rows[rows.length - 1], contexts, this.#states);
        return done;
      });
    return {
      dispatches: 0,
      slots,
      run: (steps, before) => void run(steps, [], before),
      metrics: async (count) => rows.slice(rows.length - count),
      collect: async (steps, output, before) =>
        run(steps, [output], before).map((done) => done.map(({ extra }) => extra[0])),
      dispose: () => {},
    };
  }

  #run(step: Step, scalars: Scalars, context: HostContext, member: number, extra: readonly Tensor[], watch: boolean) {
    const states = this.#states[member];
    const feed = (leaf: Tensor): Values => {
      if (leaf.op === scalarOp) return scalarValues(leaf, scalars, context);
      const data = states.get(leaf);
      const values =
        leaf.op === stateOp && data ? { rows: leaf.rows, cols: leaf.cols, data } : this.#inputs(leaf, member).get(leaf);
      if (!values) throw new Error(`step: ${leafName(leaf)} has not been set`);
      return values;
    };
    const wanted = [...step.metrics, ...step.updates.map(({ value }) => value), ...extra];
    const values = interpret(wanted, feed, { precision: 'float32' }).map(({ data }) => Float32Array.from(data));
    const metrics = values.slice(0, step.metrics.length);
    const updated = values.slice(step.metrics.length, wanted.length - extra.length);
    for (const [i, { state }] of step.updates.entries()) {
      if (state.op === stateOp) states.set(state, updated[i]);
      else this.#inputs(state, member).set(state, { rows: state.rows, cols: state.cols, data: updated[i] });
    }
    const names = [...step.metrics.map(() => 'loss'), ...step.updates.map(({ state }) => leafName(state))];
    const bad = watch ? values.slice(0, names.length).findIndex((data) => !data.every(Number.isFinite)) : -1;
    const row: MetricRow = bad < 0 ? { values: metrics } : { values: metrics, bad: names[bad] };
    return { row, extra: values.slice(wanted.length - extra.length) };
  }

  /** Returns the map that holds an input of a member. */
  #inputs(leaf: Tensor, member: number): Map<Tensor, Values> {
    return isShared(leaf) ? this.#shared : this.#own[member];
  }

  write(leaf: Tensor, data: Elements, member = 0): void {
    if (leaf.op === stateOp) this.#states[member].set(leaf, Float32Array.from(data));
    else
      this.#inputs(leaf, member).set(leaf, { rows: leaf.rows, cols: leaf.cols, data: wholeRows(leaf, data).slice() });
  }

  async read(states: readonly Tensor[], member = 0): Promise<Float32Array[]> {
    return readFrom(this.#states[member], states);
  }

  keep(steps: number): void {
    this.#keeper?.keep(this.#states.slice(0, this.#members), steps);
  }

  restore(): void {
    if (!this.#keeper) throw new Error('executor: no program keeps states');
    for (const [member, states] of this.#keeper.restore().entries()) this.#states[member] = states;
  }

  get good(): GoodStates {
    return this.#keeper?.good ?? { steps: 0 };
  }

  async rearrange(from: readonly number[]): Promise<void> {
    this.#states = rearranged(this.#states, from);
    for (const snapshot of this.#snapshots) snapshot.states = rearranged(snapshot.states, from);
    this.#members = from.length;
  }

  async allCompiled(): Promise<void> {}

  async snapshot(): Promise<Snapshot> {
    const snapshot = new ReferenceSnapshot(this.capacity, () => this.#states);
    this.#snapshots.push(snapshot);
    return snapshot;
  }

  release(leaf: Tensor): void {
    for (const inputs of [this.#shared, ...this.#own]) inputs.delete(leaf);
  }

  /** Gives the host a turn now and then: nothing here waits, and an abort signal only arrives between waits. */
  async settle(): Promise<void> {
    if (performance.now() - this.#rested < BUSY_MILLISECONDS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#rested = performance.now();
  }

  dispose(): void {
    for (const inputs of [this.#shared, ...this.#own]) inputs.clear();
  }
}

/** Copies of states. */
class ReferenceSnapshot implements Snapshot {
  states: States[];
  readonly #live: () => States[];

  constructor(capacity: number, live: () => States[]) {
    this.states = Array.from({ length: capacity }, () => new Map());
    this.#live = live;
  }

  save(members: readonly number[]): void {
    for (const member of members) this.states[member] = new Map(this.#live()[member]);
  }

  restore(members: readonly number[]): void {
    for (const member of members) this.#live()[member] = new Map(this.states[member]);
  }

  async read(states: readonly Tensor[], member: number): Promise<Float32Array[]> {
    return readFrom(this.states[member], states);
  }

  write(state: Tensor, data: Float32Array, member: number): void {
    this.states[member].set(state, data.slice());
  }
}

function readFrom(from: States, states: readonly Tensor[]): Float32Array[] {
  return states.map((state) => from.get(state)?.slice() ?? new Float32Array(state.rows * state.cols));
}

/** Returns states in which member i is a copy of member `from[i]`; the members after those stay. */
function rearranged(states: readonly States[], from: readonly number[]): States[] {
  return states.map((own, i) => (i < from.length ? new Map(states[from[i]]) : own));
}

/** True if all members share the leaf. */
function isShared({ op, attributes }: Tensor): boolean {
  return op !== stateOp && attributes.perMember !== true;
}

const info: EngineInfo = {
  backend: 'reference',
  adapter: 'CPU reference interpreter',
  vendor: '',
  architecture: '',
  software: true,
};

/** Returns an engine that runs the same models on the CPU, in float32, slowly: for machines without WebGPU. */
export function createReferenceEngine(): Engine {
  let disposed = false;
  const dispose = () => {
    disposed = true;
  };
  const check = () => {
    if (disposed) throw new EngineError('disposed', 'engine: it was disposed; create a new one');
  };
  return {
    info,
    device: undefined,
    log: console.log,
    check,
    createExecutor(options) {
      check();
      return new ReferenceExecutor(options);
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
