import { describe, expect, test } from 'vitest';
import {
  batchNorm,
  createPopulation,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  type Layer,
  layerNorm,
  loadModel,
  loadTrainer,
  meanSquaredError,
  predictSamples,
  relu,
  sequential,
  sgd,
  type Trainer,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';

const [FEATURES, UNITS, BATCH] = [3, 4, 5];
const RATE = 0.1;
const EPSILON = 1e-3;
const MOMENTUM = 0.3;

const start = (engine: Engine, norm: Layer) =>
  createTrainer(engine, sequential([dense(UNITS), norm, dense(1)]), {
    input: [FEATURES],
    batchSize: BATCH,
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: RATE }),
    seed: 3,
  });

const numbers = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => 3 * Math.sin(1 + (i + from) ** 2));
/** Ten batches, the last of each five a short one. */
const batches = Array.from({ length: 10 }, (_, step) => {
  const rows = step % 5 === 4 ? 2 : BATCH;
  return { x: numbers(rows * FEATURES, 100 * step), y: numbers(rows, 1000 + step) };
});

type Matrix = number[][];
const column = (m: Matrix, j: number) => m.map((row) => row[j]);
const transpose = (m: Matrix): Matrix => m[0].map((_, j) => column(m, j));
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const total = (values: readonly number[]) => mean(values) * values.length;
const matrix = (data: ArrayLike<number>, cols: number): Matrix =>
  Array.from({ length: data.length / cols }, (_, i) => Array.from({ length: cols }, (_, j) => data[i * cols + j]));
const plus = (a: Matrix, b: Matrix, factor = 1): Matrix =>
  a.map((row, i) => row.map((v, j) => v + factor * b[i % b.length][j]));

/** dense, a norm over rows or columns, dense, in float64. */
class ByHand {
  readonly weights: Matrix[];
  running = { mean: Array<number>(UNITS).fill(0), variance: Array<number>(UNITS).fill(1) };
  readonly over: 'rows' | 'columns';

  /** `over` rows is batch norm, over columns layer norm. */
  constructor(over: 'rows' | 'columns', weights: readonly { data: Float32Array; shape: readonly number[] }[]) {
    this.over = over;
    this.weights = weights.map(({ data, shape }) => matrix(data, shape[1]));
  }

  /** Returns x minus means, over deviations, with the deviation of every element. */
  #normalise(z: Matrix): { hat: Matrix; deviation: Matrix } {
    const lines = this.over === 'rows' ? transpose(z) : z;
    const done = lines.map((line) => {
      const middle = mean(line);
      const deviation = Math.sqrt(mean(line.map((value) => (value - middle) ** 2)) + EPSILON);
      return { hat: line.map((value) => (value - middle) / deviation), deviation: line.map(() => deviation) };
    });
    const back = (m: Matrix) => (this.over === 'rows' ? transpose(m) : m);
    return { hat: back(done.map(({ hat }) => hat)), deviation: back(done.map(({ deviation }) => deviation)) };
  }

  step(x: Matrix, y: Matrix): void {
    const [w0, b0, gain, shift, w1, b1] = this.weights;
    const z = plus(product(x, w0), b0);
    const { hat, deviation } = this.#normalise(z);
    const u = hat.map((row) => row.map((value, j) => value * gain[0][j] + shift[0][j]));
    const out = plus(product(u, w1), b1);
    const dout = plus(out, y, -1).map((row) => row.map((value) => (2 * value) / x.length));
    const du = product(dout, transpose(w1));
    const dhat = du.map((row) => row.map((value, j) => value * gain[0][j]));
    // The gradient through the moments: Ioffe and Szegedy, section 3, put together.
    const lines = (m: Matrix) => (this.over === 'rows' ? transpose(m) : m);
    const [h, d, s] = [lines(hat), lines(dhat), lines(deviation)];
    const dlines = d.map((line, i) => {
      const [middle, along] = [mean(line), mean(line.map((value, j) => value * h[i][j]))];
      return line.map((value, j) => (value - middle - h[i][j] * along) / s[i][j]);
    });
    const dz = lines(dlines);
    const sums = (m: Matrix): Matrix => [transpose(m).map(total)];
    const dgain = du.map((row, i) => row.map((value, j) => value * hat[i][j]));
    const found = [product(transpose(x), dz), sums(dz), sums(dgain), sums(du), product(transpose(u), dout), sums(dout)];
    found.forEach((gradient, i) => {
      this.weights[i] = plus(this.weights[i], gradient, -RATE);
    });
    const moments = transpose(z).map((line) => {
      const middle = mean(line);
      return [middle, total(line.map((value) => (value - middle) ** 2)) / (line.length - 1)];
    });
    const move = (state: number[], place: number) =>
      state.map((value, j) => value + MOMENTUM * (moments[j][place] - value));
    this.running = { mean: move(this.running.mean, 0), variance: move(this.running.variance, 1) };
  }

  predict(x: Matrix): number[] {
    const [w0, b0, gain, shift, w1, b1] = this.weights;
    const z = plus(product(x, w0), b0);
    const { mean: middle, variance } = this.running;
    const hat =
      this.over === 'columns'
        ? this.#normalise(z).hat
        : z.map((row) => row.map((value, j) => (value - middle[j]) / Math.sqrt(variance[j] + EPSILON)));
    const u = hat.map((row) => row.map((value, j) => value * gain[0][j] + shift[0][j]));
    return plus(product(u, w1), b1).flat();
  }
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]) / (1 + Math.abs(b[i]))));

const NORMS = [
  ['layerNorm', 'columns', () => layerNorm({ epsilon: EPSILON })],
  ['batchNorm', 'rows', () => batchNorm({ epsilon: EPSILON, momentum: MOMENTUM })],
] as const;

describe.each(ENGINES)('%s', (_, engine) => {
  test.each(NORMS)('%s: ten steps with short batches, and predictions, as in float64', async (_, over, norm) => {
    using trainer = await start(engine, norm());
    const hand = new ByHand(over, await trainer.weights());
    for (const { x, y } of batches) {
      trainer.step({ x, y });
      hand.step(matrix(x, FEATURES), matrix(y, 1));
      expect(Array.from(hand.weights.flat(2)).every(Number.isFinite)).toBe(true);
    }
    const found = (await trainer.weights()).flatMap(({ data }) => [...data]);
    expect(furthest(found, hand.weights.flat(2))).toBeLessThan(2e-5);
    const { x } = batches[0];
    expect(furthest(await trainer.predict(x), hand.predict(matrix(x, FEATURES)))).toBeLessThan(2e-5);
    using loaded = await loadTrainer(engine, await trainer.save());
    using model = await loadModel(engine, await trainer.save({ weightsOnly: true }));
    expect(await loaded.predict(x)).toEqual(await trainer.predict(x));
    expect(await model.predict(x)).toEqual(await trainer.predict(x));
  });

  test('batchNorm: a row of weight 2 is two rows, one of weight 0 is none', async () => {
    const x = matrix(batches[0].x, FEATURES);
    const { y } = batches[0];
    const rows = (places: readonly number[]) =>
      dataset({ x: places.flatMap((i) => x[i]), y: places.map((i) => y[i]), features: FEATURES });
    const run = async (places: readonly number[], weights?: number[]) => {
      using trainer = await start(engine, batchNorm());
      await trainer.fit(rows(places), { epochs: 3, shuffle: false, ...(weights && { weights }) });
      return (await trainer.weights()).flatMap(({ data }) => [...data]);
    };
    expect(furthest(await run([0, 1, 2, 3], [2, 1, 0, 1]), await run([0, 0, 1, 3]))).toBeLessThan(1e-5);
  });

  test('batchNorm: a batch of one row gives its shift, and moves no variance', async () => {
    using trainer = await start(engine, batchNorm({ epsilon: EPSILON, momentum: 1 }));
    trainer.step({ x: [1, 2, 3], y: [1] });
    const weights = await trainer.weights();
    // Shift and last bias begin as 0: the output was 0, and its gradient -2.
    expect(weights[5].data[0]).toBeCloseTo(2 * RATE, 6);
    const hand = new ByHand('rows', weights);
    const [w0, b0] = hand.weights; // a row minus itself has no gradient, so these have not changed
    hand.running = { mean: plus(product([[1, 2, 3]], w0), b0)[0], variance: Array(UNITS).fill(1) };
    expect(furthest(await trainer.predict([2, 0, 1]), hand.predict([[2, 0, 1]]))).toBeLessThan(1e-5);
  });

  test('batchNorm: a member of a population equals the network alone', async () => {
    const model = () => sequential([dense(UNITS), batchNorm(), relu(), dropout(0.2), dense(1)]);
    const options = {
      input: [FEATURES],
      batchSize: BATCH,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.1 }),
    };
    const members = [{ seed: 1 }, { seed: 2, dropout: 0.5 }, { seed: 3, learningRate: 0.02 }];
    const alone: Trainer[] = [];
    for (const { seed, ...changes } of members) {
      const trainer = await createTrainer(engine, model(), { ...options, seed });
      trainer.set(changes);
      alone.push(trainer);
    }
    using population = await createPopulation(engine, model(), { ...options, members });
    for (const batch of batches) for (const each of [population, ...alone]) each.step(batch);
    const { x } = batches[0];
    const predictions = await population.predict(x);
    for (const [i, trainer] of alone.entries()) {
      expect(await population.weights(i)).toEqual(await trainer.weights());
      expect(predictions[i]).toEqual(await trainer.predict(x));
      trainer.dispose();
    }
  });

  test('batchNorm: samples draw masks and read the running moments, which they do not move', async () => {
    using trainer = await createTrainer(engine, sequential([dense(UNITS), batchNorm(), dropout(0.5), dense(1)]), {
      input: [FEATURES],
      batchSize: BATCH,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: RATE }),
    });
    for (const batch of batches) trainer.step(batch);
    const { x } = batches[0];
    const before = await trainer.predict(x);
    const [first, second] = await predictSamples(trainer, x, { samples: 2 });
    expect(first).not.toEqual(second);
    expect(await trainer.predict(x)).toEqual(before);
    trainer.set({ dropout: 0 });
    for (const sample of await predictSamples(trainer, x, { samples: 2 })) expect(sample).toEqual(before);
  });
});

testRefusals({
  'RangeError: layerNorm: epsilon must be a number > 0, got 0': () => layerNorm({ epsilon: 0 }),
  "TypeError: layerNorm: unknown option 'momentum'; known: epsilon": () => layerNorm({ momentum: 0.1 } as never),
  'RangeError: batchNorm: momentum must be a number in (0, 1], got 0': () => batchNorm({ momentum: 0 }),
  'RangeError: batchNorm: epsilon must be a number > 0, got -1': () => batchNorm({ epsilon: -1 }),
});

test('layerNorm of one column is refused when the model is traced', async () => {
  const [[, engine]] = ENGINES;
  const make = () =>
    createTrainer(engine, sequential([dense(1), layerNorm()]), {
      input: [2],
      batchSize: 1,
      loss: meanSquaredError(),
      optimizer: sgd(),
    });
  expect(await complaint(make)).toContain('layerNorm: a row must have at least 2 columns, got 1');
});
