import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import type { GpuProgram } from '../../src/gpu/gpu-program.js';
import { type HostContext, live } from '../../src/graph/step.js';
import { leafName, scalarOp } from '../../src/ops/leaves.js';
import type { Tensor, Values } from '../../src/ops/tensor.js';
import { nameOf } from '../../src/plan/ride.js';
import type { Key } from '../../src/random/philox.js';
import { interpret } from '../../src/reference/interpret.js';
import { scalarValues } from '../../src/reference/reference-engine.js';
import { complaintsOf } from '../gpu/comparison.js';
import { guardComplaints, readStored, type Stored } from '../gpu/stored.js';
import { Random } from '../ops/random.js';
import { type Network, type TracedNetwork, traceNetwork } from './networks.js';

/** The seed and hyper-parameters of one member. */
export interface Member {
  readonly seed: Key;
  readonly hyper?: Readonly<Record<string, number>>;
}

/** Options of a run. */
export interface RunOptions {
  readonly members?: readonly Member[];
  readonly ride?: boolean;
  readonly variant?: string;
  /** Store every tensor of the step. */
  readonly tapped?: boolean;
}

/** Every tensor that a step computes on its way to its metrics and new states, but those themselves. */
export function interiorOf({ step }: TracedNetwork): Tensor[] {
  const ends = [...step.metrics, ...step.updates.map(({ value }) => value)];
  return live(ends).filter((tensor) => tensor.op.kind !== 'leaf' && !ends.includes(tensor));
}

/** A network in training on the GPU, step by step, with everything in reach that the reference needs. */
export class StepRun {
  readonly traced: TracedNetwork;
  readonly executor: GpuExecutor;
  readonly program: GpuProgram;
  readonly #network: Network;
  readonly #members: readonly Member[];
  readonly #taps: readonly Tensor[];
  readonly #data = new Map<Tensor, Values>();
  #step = 0;

  static async create(engine: GpuEngine, network: Network, options: RunOptions = {}): Promise<StepRun> {
    const { members = [{ seed: [42, 7] }], ride = true, variant = 'direct', tapped } = options;
    const traced = traceNetwork(network);
    const executor = engine.createExecutor({ members: members.length, guards: 1, slots: 4, ride, variant });
    const taps = tapped ? interiorOf(traced) : [];
    const program = await executor.compile(traced.step, traced.model.scalars, { taps });
    return new StepRun(traced, executor, program, network, members, taps);
  }

  private constructor(
    traced: TracedNetwork,
    executor: GpuExecutor,
    program: GpuProgram,
    network: Network,
    members: readonly Member[],
    taps: readonly Tensor[],
  ) {
    this.traced = traced;
    this.executor = executor;
    this.program = program;
    this.#network = network;
    this.#members = members;
    this.#taps = taps;
    for (const [member, { seed }] of members.entries()) {
      for (const [i, { tensor, initializer, penalised }] of traced.model.parameters.entries()) {
        const { rows, cols } = tensor;
        const weights = initializer.fill(new Float32Array(rows * cols), rows, cols, seed, i);
        // Biases start at 0, where nothing that is wrong with them shows.
        executor.write(tensor, penalised ? weights : new Random(i).floats(rows * cols, -0.2, 0.2), member);
      }
    }
  }

  /** States in the order of the step's updates. */
  get states(): readonly Tensor[] {
    return this.traced.step.updates.map(({ state }) => state);
  }

  /** The context of the host functions at the next step, by member. */
  get contexts(): HostContext[] {
    const { count = this.#network.rows } = this.#network;
    const { hyper } = this.traced.model;
    return this.#members.map((member) => ({
      seed: member.seed,
      step: this.#step,
      sample: 0,
      start: 0,
      count,
      hyper: { ...hyper, ...member.hyper },
    }));
  }

  /** Runs the next step, on a batch of its own. */
  advance(): void {
    this.#writeBatch();
    this.program.run([this.contexts]);
    this.#step++;
  }

  /** Every state, by member. */
  readStates(): Promise<Stored[][]> {
    return readStored(this.executor, this.program.plan, this.states);
  }

  /** Runs the next step and holds every state, metric and tapped tensor against the reference, from the GPU's own state. */
  async checkedStep(): Promise<string[]> {
    const { step } = this.traced;
    const before = await this.readStates();
    const contexts = this.contexts;
    this.advance();
    const after = await this.readStates();
    const tapped = await readStored(this.executor, this.program.plan, this.#taps);
    const [metrics] = await this.program.metrics(1);
    const wanted = [...step.updates.map(({ value }) => value), ...step.metrics, ...this.#taps];
    const names = [
      ...this.states.map((state) => `${leafName(state)}'`),
      ...step.metrics.map(nameOf),
      ...this.#taps.map(nameOf),
    ];
    const complaints = contexts.flatMap((context, member) => {
      const values = interpret(wanted, this.#feed(context, before[member]), { bounds: true });
      const stored = [...after[member], ...tapped[member]];
      const got = [
        ...after[member].map((each) => each.values),
        ...metrics[member].values,
        ...tapped[member].map((each) => each.values),
      ];
      const where = `step ${context.step}, member ${member}: `;
      return [
        ...names.flatMap((name, i) => complaintsOf(where + name, got[i], values[i])),
        ...(stored.every(({ padsAreZero }) => padsAreZero) ? [] : [`${where}a pad is not 0`]),
      ];
    });
    return [...complaints, ...(await guardComplaints(this.executor))];
  }

  #feed(context: HostContext, states: readonly Stored[]): (leaf: Tensor) => Values {
    return (leaf) => {
      if (leaf.op === scalarOp) return scalarValues(leaf, this.traced.model.scalars, context);
      const { rows, cols } = leaf;
      const state = states[this.states.indexOf(leaf)];
      return state ? { rows, cols, data: state.values } : (this.#data.get(leaf) as Values);
    };
  }

  #writeBatch(): void {
    const random = new Random(this.#step + 1);
    const { x, targets, model } = this.traced;
    const outputs = model.output(x, true).cols;
    const size = targets.rows * targets.cols;
    const given = {
      classes: () => Uint32Array.from(random.floats(size, 0, outputs)),
      values: () => random.floats(size, 0, 1),
    };
    this.#give(x, random.floats(x.rows * x.cols));
    this.#give(targets, given[this.#network.loss.targets]());
  }

  #give(leaf: Tensor, data: Float32Array | Uint32Array): void {
    this.#data.set(leaf, { rows: leaf.rows, cols: leaf.cols, data });
    this.executor.write(leaf, data);
  }

  dispose(): void {
    this.program.dispose();
    this.executor.dispose();
  }
}
