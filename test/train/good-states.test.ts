import { describe, expect, test } from 'vitest';
import { TOLERANCE } from '../../src/graph/keep-rule.js';
import {
  adam,
  adamw,
  type Batch,
  binaryCrossEntropy,
  createReferenceEngine,
  createTrainer,
  type Dataset,
  dataset,
  dense,
  dropout,
  type Engine,
  EngineError,
  gelu,
  type Layer,
  type Loss,
  leakyRelu,
  meanSquaredError,
  type Optimizer,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
  tanh,
} from '../../src/index.js';
import { batch, create as createSmall, ROWS } from './diverging.js';
import { ENGINES } from './engines.js';

const FEATURES = 4;
const EXAMPLES = 64;
const BATCH = 16;
/** The rate of a case at first, and how many times as large it becomes. */
const RATES = { sgd: 0.02, momentum: 0.004, Nesterov: 0.004, adam: 0.01, adamw: 0.01 };
const RAISED = 100;

/** A network, and data that it can learn in part: targets are noisy, so that the loss settles. */
interface Problem {
  readonly layers: () => Layer[];
  readonly loss: Loss;
  /** Returns the target of a row, from a smooth function of it. */
  readonly target: (value: number) => number;
  readonly classes?: true;
}
const linear = (count: number) => () => Array.from({ length: count }, (_, i) => dense(i === count - 1 ? 1 : 8));
const squared = (layers: () => Layer[], target: Problem['target'] = Math.sin) => ({
  layers,
  loss: meanSquaredError(),
  target,
});
const sign = (value: number) => Number(value > 0);
const PROBLEMS: Readonly<Record<string, Problem>> = {
  'a linear model': squared(linear(1), (value) => value),
  'two linear layers': squared(linear(2), (value) => value),
  'three linear layers': squared(linear(3)),
  'two layers of relu': squared(() => [dense(16), relu(), dense(16), relu(), dense(1)]),
  'leaky relu': squared(() => [dense(16), leakyRelu(), dense(1)], Math.cos),
  'gelu and dropout': squared(() => [dense(16), gelu(), dropout(0.2), dense(1)]),
  tanh: squared(() => [dense(16), tanh(), dense(1)]),
  'one output of two values': { layers: () => [dense(12), relu(), dense(1)], loss: binaryCrossEntropy(), target: sign },
  'two classes': { layers: linear(1), loss: binaryCrossEntropy(), target: sign },
  'three classes': {
    layers: () => [dense(12), relu(), dense(12), relu(), dense(3)],
    loss: softmaxCrossEntropy(),
    target: (value) => (value > 0.3 ? 2 : value > -0.3 ? 1 : 0),
    classes: true,
  },
};
const OPTIMIZERS: Readonly<Record<keyof typeof RATES, (learningRate: number) => Optimizer>> = {
  sgd: (learningRate) => sgd({ learningRate }),
  momentum: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
  Nesterov: (learningRate) => sgd({ learningRate, momentum: 0.9, nesterov: true }),
  adam: (learningRate) => adam({ learningRate }),
  adamw: (learningRate) => adamw({ learningRate, weightDecay: 0.01 }),
};

function dataOf({ target, classes }: Problem): Dataset {
  const x = Float32Array.from({ length: EXAMPLES * FEATURES }, (_, i) => Math.sin(i * i + i));
  const values = Array.from({ length: EXAMPLES }, (_, row) => {
    const sum = x.subarray(row * FEATURES, (row + 1) * FEATURES).reduce((sum, each, i) => sum + each * (i - 1), 0);
    return target(sum + Math.sin(97 * row * row));
  });
  return dataset({ x, y: classes ? Uint32Array.from(values) : Float32Array.from(values), features: FEATURES });
}

const create = (engine: Engine, { layers, loss }: Problem, optimizer: Optimizer) =>
  createTrainer(engine, sequential(layers()), { input: [FEATURES], batchSize: BATCH, loss, optimizer, seed: 1 });

const isDiverged = (error: unknown): error is EngineError => error instanceof EngineError && error.kind === 'diverged';

/** Trains epochs; returns true if training diverged. */
async function diverges(trainer: Trainer, data: Dataset, epochs: number): Promise<boolean> {
  try {
    for await (const _ of trainer.fit(data, { epochs }));
    return false;
  } catch (error) {
    if (isDiverged(error)) return true;
    throw error;
  }
}

/** A batch whose loss or gradients overflow, whatever the weights are. */
const overflowing = ({ x, y }: Dataset, { loss }: Problem) =>
  ({
    x: Float32Array.from(x.subarray(0, BATCH * FEATURES), (value) => value * 3e38),
    y: loss.kind === 'meanSquaredError' ? new Float32Array(BATCH).fill(1e30) : y.slice(0, BATCH),
  }) as Batch;

const CASES = Object.keys(PROBLEMS).flatMap((problem) =>
  (Object.keys(RATES) as (keyof typeof RATES)[]).map((optimizer) => [problem, optimizer] as const),
);

// Most diverge by the rate; Adam only becomes bad by it, and then a batch overflows.
test.each(CASES)(
  '%s with %s: after a divergence the loss is as before, and training goes on well',
  async (name, by) => {
    const problem = PROBLEMS[name];
    const data = dataOf(problem);
    using trainer = await create(createReferenceEngine(), problem, OPTIMIZERS[by](RATES[by]));
    const loss = async () => (await trainer.evaluate(data)).loss;
    await diverges(trainer, data, 40);
    const before = await loss();
    trainer.set({ learningRate: RATES[by] * RAISED });
    let diverged = await diverges(trainer, data, 9);
    if (!diverged) {
      trainer.step(overflowing(data, problem));
      diverged = await trainer.metrics().then(() => diverges(trainer, data, 1), isDiverged);
    }
    expect(diverged).toBe(true);
    const back = await loss();
    expect(back).toBeLessThanOrEqual(TOLERANCE * before);
    trainer.set({ learningRate: RATES[by] });
    expect(await diverges(trainer, data, 12)).toBe(false);
    expect(await loss()).toBeLessThanOrEqual(1.2 * back); // batches are noisy
  },
);

/** The steps after which metrics are read. */
const READS: Readonly<Record<string, (step: number) => boolean>> = {
  'after every step': () => true,
  'after 5 steps each': (step) => step % 5 === 4,
  'after 16 steps each': (step) => step % 16 === 15,
  'after 37 steps each': (step) => step % 37 === 36,
  'at the end': () => false,
};

describe.each(ENGINES)('on %s', (_, engine) => {
  /** Steps on changing batches, with a rate that rises after `good` of them; returns where training is in the end. */
  async function standing(reads: (step: number) => boolean, good: number, rate: number) {
    using trainer = await createSmall(engine, sgd({ learningRate: 0.05 }), 2);
    let error: unknown;
    for (let step = 0; step < 200 && !error; step++) {
      if (step === good) trainer.set({ learningRate: rate });
      trainer.step(batch(step));
      if (reads(step)) await trainer.metrics().catch((caught: unknown) => (error = caught));
    }
    if (!error) await trainer.metrics().catch((caught: unknown) => (error = caught));
    expect(isDiverged(error)).toBe(true);
    return { message: String(error), steps: trainer.stepsTaken, weights: await trainer.weights() };
  }

  test.each([
    [0, 50, 0],
    [20, 50, 0],
    [60, 5, 32],
    [100, 2, 80],
  ])(
    'after %i good steps and a rate of %f training is back at step %i, whenever metrics are read',
    async (good, rate, steps) => {
      const all = [];
      for (const reads of Object.values(READS)) all.push(await standing(reads, good, rate));
      expect(all[0].steps).toBe(steps);
      for (const each of all) expect(each).toEqual(all[0]);
    },
  );

  test('a step whose row of the ring is lost still counts, if it was not finite', async () => {
    using trainer = await createSmall(engine);
    const overflow = { ...batch(0), y: new Float32Array(ROWS).fill(1e30) };
    for (let step = 0; step < 400; step++) {
      // Only the loss overflows: with a rate of 0 the weights stay, and all other steps are clean.
      trainer.set({ learningRate: step === 50 ? 0 : 0.05 });
      trainer.step(step === 50 ? overflow : batch(step));
    }
    await expect(trainer.metrics()).rejects.toThrow(
      'training: a loss or a parameter is not finite after step 63; the trainer is back at step 32, lower the learning rate and go on',
    );
    expect(trainer.stepsTaken).toBe(32);
  });

  test('after going back, the place in the data and the sums of its epoch are those of the good state', async () => {
    const data = dataset({ ...batch(0, 1, 200), features: 3 });
    using trainer = await createSmall(engine);
    using twin = await createSmall(engine);
    const run = async (each: Trainer, maxSteps: number) => {
      for await (const report of each.fit(data, { epochs: 1, maxSteps })) return report;
      return undefined;
    };
    await run(trainer, 35);
    trainer.set({ learningRate: 3e38 });
    await expect(run(trainer, 10)).rejects.toMatchObject({ kind: 'diverged' });
    expect(trainer.stepsTaken).toBe(16);
    trainer.set({ learningRate: 0.1 });
    await run(twin, 16);
    const [after, wanted] = [await run(trainer, 100), await run(twin, 100)];
    const { seconds: _a, stepMilliseconds: _b, ...rest } = wanted ?? {};
    expect(wanted).toMatchObject({ steps: 50 });
    expect(after).toMatchObject(rest);
    expect(await trainer.save()).toEqual(await twin.save());
  });
});
