import { describe, expect, test } from 'vitest';
import * as wgrad from '../../src/index.js';
import { drawMixup } from '../../src/nn/mixup.js';
import { sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';
import { words } from '../random/plain-reader.js';

const { createTrainer, createReferenceEngine, dense, mixup, sequential, sgd } = wgrad;

const SEED = 11;
const ALPHA = 0.7;
const RATE = 0.1;

/** λ and k of a step, from docs/reference/randomness.md alone. */
function drawn(step: number, n: number, alpha = ALPHA, seed = SEED) {
  const [a, b, c] = words(seed, [0, step, 6 * 2 ** 24, 0]);
  const q = ((a + 1) * 2 ** -32) ** (1 / alpha);
  const cosine = Math.cos(2 * Math.PI * b * 2 ** -32);
  const lambda = (1 + cosine / Math.sqrt(q / (1 - q) + cosine ** 2)) / 2;
  return { lambda, k: n === 1 ? 0 : 1 + Math.floor((c / 2 ** 32) * (n - 1)) };
}

test('the draw is that of the contract', () => {
  for (const [step, count] of [
    [0, 1],
    [0, 2],
    [1, 7],
    [2 ** 32 - 1, 64],
  ]) {
    const { share, distance } = drawMixup({ seed: [SEED, 0], step, count }, ALPHA);
    const { lambda, k } = drawn(step, count);
    expect([share, distance]).toEqual([lambda, k]);
  }
  expect(drawMixup({ seed: [1, 2], step: 3, count: 4 }, 0).share).toBe(1);
});

test.each([0.1, 0.4, 1, 2, 8])('λ has the moments of Beta(%d, %d)', (alpha) => {
  const n = 20_000;
  const shares = Array.from({ length: n }, (_, step) => drawMixup({ seed: [5, 6], step, count: 9 }, alpha).share);
  const mean = (power: number) => shares.reduce((sum, share) => sum + (share - 0.5) ** power, 0) / n;
  // Central moments of Beta(a, a): 1 / 4(2a + 1) and 3 / 16(2a + 1)(2a + 3); six deviations of their means.
  const second = 1 / (4 * (2 * alpha + 1));
  const fourth = (3 * second) / (4 * (2 * alpha + 3));
  expect(Math.abs(mean(1))).toBeLessThan(6 * Math.sqrt(second / n));
  expect(Math.abs(mean(2) - second)).toBeLessThan(6 * Math.sqrt((fourth - second ** 2) / n));
  expect(Math.abs(mean(4) - fourth)).toBeLessThan(6 * Math.sqrt(1 / 256 / n));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
});

test('every distance is drawn, and alike', () => {
  const counts = new Array(9).fill(0);
  const n = 16_000;
  for (let step = 0; step < n; step++) counts[drawMixup({ seed: [1, 0], step, count: 9 }, 1).distance]++;
  expect(counts[0]).toBe(0);
  for (const count of counts.slice(1)) expect(Math.abs(count - n / 8)).toBeLessThan(6 * Math.sqrt((n / 8) * (7 / 8)));
});

/** A linear model [features, outputs] with bias, in float64. */
interface Linear {
  w: number[][];
  b: number[];
}

/**
 * One step of SGD on mixed rows, in float64. `lossOf` returns the loss of a row's outputs with the target of row `i`, and its
 * gradient.
 */
function stepByHand(
  { w, b }: Linear,
  x: readonly number[][],
  lossOf: (z: readonly number[], i: number) => { loss: number; dz: readonly number[] },
  step: number,
  weights: readonly number[] = x.map(() => 1),
): number {
  const n = x.length;
  const { lambda, k } = drawn(step, n);
  const whole = weights.reduce((sum, each) => sum + each, 0);
  const dw = w.map((row) => row.map(() => 0));
  const db = b.map(() => 0);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const j = (i + k) % n;
    const share = weights[j] === 0 ? 1 : weights[i] === 0 ? 0 : lambda;
    const mixed = x[i].map((value, f) => share * value + (1 - share) * x[j][f]);
    const z = b.map((bias, o) => mixed.reduce((sum, value, f) => sum + value * w[f][o], bias));
    for (const [row, part] of [
      [i, lambda],
      [j, 1 - lambda],
    ]) {
      const { loss, dz } = lossOf(z, row);
      const factor = (part * weights[row]) / whole;
      total += factor * loss;
      for (const [o, slope] of dz.entries()) {
        db[o] += factor * slope;
        for (const [f, value] of mixed.entries()) dw[f][o] += factor * slope * value;
      }
    }
  }
  for (const [o] of b.entries()) {
    b[o] -= RATE * db[o];
    for (const [f] of w.entries()) w[f][o] -= RATE * dw[f][o];
  }
  return total;
}

const squared = (targets: readonly number[][]) => (z: readonly number[], i: number) => ({
  loss: z.reduce((sum, value, o) => sum + (value - targets[i][o]) ** 2, 0) / z.length,
  dz: z.map((value, o) => (2 * (value - targets[i][o])) / z.length),
});

const crossEntropy = (labels: readonly number[]) => (z: readonly number[], i: number) => {
  const exps = z.map(Math.exp);
  const sum = exps.reduce((a, b) => a + b, 0);
  return {
    loss: Math.log(sum) - z[labels[i]],
    dz: exps.map((e, o) => e / sum - Number(o === labels[i])),
  };
};

const linearOf = (weights: readonly { data: Float32Array; shape: readonly number[] }[]): Linear => {
  const [{ data, shape }, { data: b }] = weights;
  const [rows, cols] = shape;
  return {
    w: Array.from({ length: rows }, (_, f) => Array.from(data.subarray(f * cols, (f + 1) * cols))),
    b: Array.from(b),
  };
};

const FEATURES = 3;
const OUTPUTS = 3;
const random = new Random(2);
const rowsOf = (n: number, width: number) => Array.from({ length: n }, () => Array.from(random.floats(width)));

describe.each(['classes', 'numbers'])('by hand, of %s', (kind) => {
  const isClasses = kind === 'classes';
  const options = {
    input: [FEATURES],
    batchSize: 5,
    loss: isClasses ? wgrad.softmaxCrossEntropy() : wgrad.meanSquaredError(),
    optimizer: sgd({ learningRate: RATE }),
    augmentation: mixup(ALPHA),
    seed: SEED,
  };
  const model = sequential([dense(OUTPUTS)]);
  const targetsOf = (n: number) => {
    const labels = Array.from({ length: n }, (_, i) => (i * 2) % OUTPUTS);
    const targets = rowsOf(n, OUTPUTS);
    return {
      y: isClasses ? Uint32Array.from(labels) : Float32Array.from(targets.flat()),
      lossOf: isClasses ? crossEntropy(labels) : squared(targets),
    };
  };
  const expectNear = (got: Linear, want: Linear) => {
    const [a, b] = [got, want].map(({ w, b }) => [...w.flat(), ...b]);
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i])).toBeLessThan(2e-6);
  };

  test.each(['reference', 'GPU'])('whole and short batches on the %s', async (device) => {
    const engine = device === 'GPU' ? await sharedEngine() : createReferenceEngine();
    using trainer = await createTrainer(engine, model, options);
    const by = linearOf(await trainer.weights());
    for (const [step, n] of [5, 3, 1, 2].entries()) {
      const x = rowsOf(n, FEATURES);
      const { y, lossOf } = targetsOf(n);
      trainer.step({ x: Float32Array.from(x.flat()), y });
      const loss = stepByHand(by, x, lossOf, step);
      const { steps } = await trainer.metrics();
      expect(Math.abs(steps[0].loss - loss)).toBeLessThan(2e-6 * Math.max(1, loss));
      expectNear(linearOf(await trainer.weights()), by);
    }
  });

  test.each(['reference', 'GPU'])('weights of the examples on the %s', async (device) => {
    const engine = device === 'GPU' ? await sharedEngine() : createReferenceEngine();
    const x = rowsOf(5, FEATURES);
    const { y, lossOf } = targetsOf(5);
    const weights = [1, 0, 2, 0.5, 0];
    const data = wgrad.dataset({
      x: Float32Array.from(x.flat()),
      y,
      features: FEATURES,
      ...(isClasses ? { classes: OUTPUTS } : { outputs: OUTPUTS }),
    });
    using trainer = await createTrainer(engine, model, options);
    const by = linearOf(await trainer.weights());
    await trainer.fit(data, { epochs: 1, shuffle: false, weights });
    stepByHand(by, x, lossOf, 0, weights);
    expectNear(linearOf(await trainer.weights()), by);
    // What a row of weight 0 holds changes nothing.
    const others = x.map((row, i) => (weights[i] === 0 ? row.map((value) => 100 - value) : row));
    using again = await createTrainer(engine, model, options);
    await again.fit({ ...data, x: Float32Array.from(others.flat()) }, { epochs: 1, shuffle: false, weights });
    expect(await again.weights()).toEqual(await trainer.weights());
  });

  test('evaluation does not mix', async () => {
    const { augmentation: _, ...plain } = options;
    const data = wgrad.dataset({
      x: Float32Array.from(rowsOf(5, FEATURES).flat()),
      y: targetsOf(5).y,
      features: FEATURES,
      ...(isClasses ? { classes: OUTPUTS } : { outputs: OUTPUTS }),
    });
    using a = await createTrainer(createReferenceEngine(), model, options);
    using b = await createTrainer(createReferenceEngine(), model, plain);
    expect(await a.evaluate(data)).toEqual(await b.evaluate(data));
  });
});

const small = {
  input: [4],
  batchSize: 8,
  loss: wgrad.softmaxCrossEntropy(),
  optimizer: wgrad.adam({ learningRate: 0.01 }),
} as const;
const network = sequential([dense(6), wgrad.relu(), dense(3)]);
const data = wgrad.dataset({
  x: random.floats(21 * 4),
  y: Uint32Array.from({ length: 21 }, (_, i) => i % 3),
  features: 4,
});

test('members of a population mix as they would alone', async () => {
  const engine = await sharedEngine();
  const members = [
    { seed: 1, mixup: 0.2 },
    { seed: 2, mixup: 1 },
    { seed: 3, mixup: 0 },
  ];
  using population = await wgrad.createPopulation(engine, network, {
    ...small,
    augmentation: mixup(0.2),
    shuffleSeed: 4,
    members,
  });
  await population.fit(data, { epochs: 2 });
  for (const [i, { seed, mixup: alpha }] of members.entries()) {
    using alone = await createTrainer(engine, network, { ...small, augmentation: mixup(alpha), shuffleSeed: 4, seed });
    await alone.fit(data, { epochs: 2 });
    expect(await population.weights(i)).toEqual(await alone.weights());
  }
  // Without mixing, but for the sums of one term more, it is the plain training.
  using plain = await createTrainer(engine, network, { ...small, shuffleSeed: 4, seed: 3 });
  await plain.fit(data, { epochs: 2 });
  const [a, b] = [await population.weights(2), await plain.weights()];
  for (const [i, { data }] of a.entries())
    for (const [j, x] of data.entries()) expect(Math.abs(x - b[i].data[j])).toBeLessThan(1e-4);
});

test('a loaded trainer goes on to the same bits', async () => {
  const engine = await sharedEngine();
  const options = { ...small, augmentation: mixup(0.4), seed: 7 };
  using whole = await createTrainer(engine, network, options);
  await whole.fit(data, { epochs: 2 });
  using first = await createTrainer(engine, network, options);
  await first.fit(data, { epochs: 1, maxSteps: 2 });
  using rest = await wgrad.loadTrainer(engine, await first.save());
  expect(wgrad.configOf(rest).augmentation).toEqual({ kind: 'mixup', alpha: 0.4 });
  await rest.fit(data, { epochs: 2 });
  expect(await rest.save()).toEqual(await whole.save());
});

test('what is wrong is refused', async () => {
  expect(() => mixup(-1)).toThrow(new RangeError('mixup: alpha must be a number >= 0, got -1'));
  const wrong = { ...small, augmentation: {} as never };
  await expect(createTrainer(createReferenceEngine(), network, wrong)).rejects.toThrow(
    'createTrainer: augmentation must be made by a function such as mixup(0.2), got',
  );
  const engine = createReferenceEngine();
  using trainer = await createTrainer(engine, network, { ...small, augmentation: mixup(0.2) });
  expect(() => trainer.set({ mixup: -1 })).toThrow(new RangeError('set: mixup must be a number >= 0, got -1'));
  await expect(wgrad.predictSamples(trainer, random.floats(4), { samples: 2 })).rejects.toThrow(RangeError);
  expect(() =>
    wgrad.trainingFromConfig({ ...wgrad.configOf(trainer), augmentation: { kind: 'mixup', beta: 1 } }),
  ).toThrow('augmentation');
});
