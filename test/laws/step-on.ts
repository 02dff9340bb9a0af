import type { GpuEngine } from '../../src/gpu/engine.js';
import { scalarOp } from '../../src/ops/leaves.js';
import type { Tensor, Values } from '../../src/ops/tensor.js';
import { interpret } from '../../src/reference/interpret.js';
import { scalarValues } from '../../src/reference/reference-engine.js';
import { complaintsOf } from '../gpu/comparison.js';
import type { Network } from '../steps/networks.js';
import { type RunOptions, StepRun } from '../steps/step-run.js';

/** Rows of examples and their targets. */
export interface Examples {
  readonly x: Float32Array;
  readonly targets: Float32Array | Uint32Array;
}

/** The outcome of a step on examples: the float64 states with their bounds, and the states of the GPU that exceed them. */
export interface SteppedOn {
  readonly want: readonly Values[];
  readonly complaints: readonly string[];
}

/** Trains for `stepsBefore` steps, which are the same for every batch, and for one on `examples`. */
export async function stepOn(
  engine: GpuEngine,
  network: Network,
  examples: Examples,
  stepsBefore: number,
  options: RunOptions,
): Promise<SteppedOn> {
  const run = await StepRun.create(engine, network, options);
  try {
    for (let step = 0; step < stepsBefore; step++) run.advance();
    const { model, x, targets, step } = run.traced;
    const [before] = await run.readStates();
    const data = new Map<Tensor, Float32Array | Uint32Array>([
      [x, examples.x],
      [targets, examples.targets],
      ...run.states.map((state, i) => [state, before[i].values] as const),
    ]);
    const [context] = run.contexts;
    const feed = (leaf: Tensor): Values => {
      if (leaf.op === scalarOp) return scalarValues(leaf, model.scalars, context);
      return { rows: leaf.rows, cols: leaf.cols, data: data.get(leaf) as Float32Array };
    };
    for (const leaf of [x, targets]) run.executor.write(leaf, data.get(leaf) as Float32Array);
    run.program.run([[context]]);
    const [after] = await run.readStates();
    const updated = step.updates.map(({ value }) => value);
    const want = interpret(updated, feed, { bounds: true });
    return { want, complaints: after.flatMap(({ values }, i) => complaintsOf(`state ${i}`, values, want[i])) };
  } finally {
    run.dispose();
  }
}
