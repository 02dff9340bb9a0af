import { describe, expect, test } from 'vitest';
import {
  createPopulation,
  createTrainer,
  dense,
  dropout,
  type Initializer,
  type Layer,
  loadModel,
  loadTrainer,
  meanSquaredError,
  predictSamples,
  sequential,
  sgd,
} from '../../src/index.js';
import { add, average, meanRows } from '../../src/ops.js';
import { Random } from '../ops/random.js';
import { ENGINES } from '../train/engines.js';

/** A layer with a memory: x + mean, where mean is a running mean of the rows of batches, 1 at first. */
const running = (): Layer => ({
  kind: 'running',
  options: {},
  apply(x, context) {
    const name = context.layerName('running');
    const mean = context.state(`${name}.mean`, { rows: 1, cols: x.cols, start: 1 });
    const half = context.scalar(`${name}.half`, () => [0.5]);
    if (context.training) context.update(mean, average(mean, meanRows(x), half, half));
    return add(x, mean);
  },
});
const eye = (): Initializer => ({
  kind: 'eye',
  options: {},
  fill: (out, rows) => out.map((_, i) => (out[i] = i % (rows + 1) === 0 ? 1 : 0)),
});
const parts = { running, eye };

const random = new Random(3);
const BATCHES = Array.from({ length: 8 }, () => ({ x: random.floats(8 * 3, -1, 1), y: random.floats(8 * 3, -2, 2) }));
const X = BATCHES[0].x;
const model = () => sequential([running(), dropout(0.5), dense(3, { initializer: eye() })]);
const options = (learningRate: number) => ({
  input: [3],
  batchSize: 8,
  loss: meanSquaredError(),
  optimizer: sgd({ learningRate, momentum: 0.5 }),
});

describe.each(ENGINES)('a memory on %s', (_, engine) => {
  test('is moved by training alone: evaluation and samples read it, and samples draw masks beside', async () => {
    using trainer = await createTrainer(engine, model(), { ...options(0), seed: 2 });
    for (const batch of BATCHES) trainer.step(batch);
    const bytes = await trainer.save();
    let mean = [1, 1, 1];
    for (const { x } of BATCHES) {
      mean = mean.map((own, col) => 0.5 * own + 0.5 * (x.filter((_, i) => i % 3 === col).reduce((a, b) => a + b) / 8));
    }
    const plain = await trainer.predict(X);
    for (const [i, value] of plain.entries()) expect(Math.abs(value - X[i] - mean[i % 3])).toBeLessThan(1e-6);
    using used = await loadModel(engine, bytes, { parts });
    const samples = await predictSamples(trainer, X, { samples: 2 });
    expect(await used.predictSamples(X, { samples: 2 })).toEqual(samples);
    for (const sample of samples) {
      const kept = sample.filter((value) => value !== 0).length;
      expect(kept).toBeGreaterThan(3);
      expect(kept).toBeLessThan(21);
      for (const [i, value] of sample.entries()) expect([0, 2 * plain[i]]).toContain(value);
    }
    expect(samples[0]).not.toEqual(samples[1]);
    expect(await trainer.save()).toEqual(bytes);
    expect(await used.predict(X)).toEqual(plain);
  });

  test('is saved, loaded and resumed byte for byte, and every member of a population has its own', async () => {
    using trainer = await createTrainer(engine, model(), { ...options(0.125), seed: 2, shuffleSeed: 0 });
    using population = await createPopulation(engine, model(), {
      ...options(0.125),
      members: [{ seed: 1 }, { seed: 2 }, { seed: 3, learningRate: 0.5 }],
    });
    for (const batch of BATCHES.slice(0, 4)) for (const each of [trainer, population]) each.step(batch);
    const bytes = await trainer.save();
    expect(await population.save(1)).toEqual(bytes);
    using loaded = await loadTrainer(engine, bytes, { parts });
    expect(await loaded.save()).toEqual(bytes);
    for (const batch of BATCHES.slice(4)) for (const each of [trainer, loaded, population]) each.step(batch);
    const end = await trainer.save();
    expect(end).not.toEqual(bytes);
    expect(await loaded.save()).toEqual(end);
    expect(await population.save(1)).toEqual(end);
    expect((await population.predict(X))[1]).toEqual(await trainer.predict(X));
    for (const save of [{}, { weightsOnly: true }]) {
      using used = await loadModel(engine, await trainer.save(save), { parts });
      expect(await used.predict(X)).toEqual(await trainer.predict(X));
    }
  });
});
