import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dataset, split } from '../../src/data/dataset.js';
import { dense } from '../../src/nn/dense.js';
import { dropoutMask } from '../../src/nn/dropout.js';
import { glorot, he, lecun } from '../../src/nn/initializers.js';
import { sequential } from '../../src/nn/layer.js';
import { meanSquaredError } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/optimizers.js';
import { bitsFromFloat } from '../../src/ops/index.js';
import { permutation } from '../../src/random/permutation.js';
import { seedKey } from '../../src/random/seed.js';
import { dropoutThreshold } from '../../src/random/source.js';
import { createReferenceEngine } from '../../src/reference/reference-engine.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import { choice, type Distribution, integer, logUniform, uniform } from '../../src/tune/distributions.js';
import { foldsOf } from '../../src/tune/folds.js';
import { grid } from '../../src/tune/grid.js';
import { populationBased } from '../../src/tune/population-based.js';
import { random as randomSearch } from '../../src/tune/random.js';
import { sobol } from '../../src/tune/sobol.js';

import { Random } from '../ops/random.js';
import { stateOf, trialsOf } from '../tune/search-state.js';
import * as plain from './plain-reader.js';

const SEEDS = [0, 1, 42, 2 ** 32 + 5, 2 ** 53 - 1, 2n ** 64n - 1n] as const;

/** The table of direction numbers as the page prints it, two entries a line. */
function tableOfPage(): plain.Table {
  const page = readFileSync('docs/reference/randomness.md', 'utf8');
  const after = page.slice(page.indexOf('| d | s | a | m |'));
  const entries = [...after.matchAll(/\| (\d+) \| (\d+) \| (\d+) \| ([\d, ]+?) (?=\|)/g)];
  return entries.map(([, d, s, a, m]) => [Number(d), Number(s), Number(a), m.split(', ').map(Number)] as const);
}

test('the plain reader imports nothing', () => {
  expect(readFileSync('test/random/plain-reader.ts', 'utf8')).not.toMatch(/\bimport\b(?!s nothing)|\brequire\b/);
});

describe.each(SEEDS)('the contract from its text alone, seed %s', (seed) => {
  const key = seedKey('test', 'seed', seed);
  const random = new Random(Number(BigInt(seed) % 1000n));

  test('dropout', () => {
    for (let i = 0; i < 10; i++) {
      const of = {
        step: Math.floor(random.uniform(0, 2 ** 32)),
        layer: Math.floor(random.uniform(0, 2 ** 24)),
        sample: Math.floor(random.uniform(0, 2 ** 32)),
        rows: 1 + Math.floor(random.uniform(0, 5)),
        cols: 1 + Math.floor(random.uniform(0, 11)),
        rate: random.next(),
      };
      expect(plain.mask(seed, of)).toEqual([...dropoutMask({ seed, ...of })]);
    }
  });

  test('initial weights', () => {
    for (const [kind, make] of Object.entries({ he, glorot, lecun })) {
      for (const [rows, cols, index] of [
        [1, 1, 0],
        [7, 5, 3],
        [20, 9, 2 ** 24 - 1],
      ] as const) {
        const count = rows * cols;
        const v = plain.variances[kind](rows, cols);
        const fill = (distribution: 'uniform' | 'normal') =>
          Array.from(make({ distribution }).fill(new Float32Array(count), rows, cols, key, index));
        expect(fill('uniform')).toEqual(plain.uniformWeights(seed, index, count, v));
        expect(fill('normal')).toEqual(plain.normalWeights(seed, index, count, v));
      }
    }
  });

  test('order, split, folds', () => {
    for (const n of [2, 3, 17, 100]) {
      expect(plain.order(seed, 5, n)).toEqual([...permutation(n, key, 5)]);
      const data = dataset({ x: Float32Array.from({ length: n }, (_, i) => i), y: new Float32Array(n), features: 1 });
      for (const validation of [1, 0.5]) {
        const parts = split(data, { validation, seed });
        const wanted = plain.splitRows(seed, n, validation);
        expect([...parts.validation.x]).toEqual(wanted.validation);
        expect([...parts.train.x]).toEqual(wanted.train);
      }
      const { heldOut } = foldsOf(n, 2, key);
      expect(plain.foldOfRows(seed, n, 2)).toEqual(Array.from({ length: n }, (_, row) => (heldOut[0][row] ? 0 : 1)));
      const classes = Array.from({ length: n }, (_, row) => (row * row) % 3);
      const byClass = foldsOf(n, 2, key, { labels: classes }).heldOut[0];
      expect(plain.foldOfRows(seed, n, 2, classes)).toEqual(Array.from(byClass, (held) => (held ? 0 : 1)));
    }
  });

  const dimensions: Readonly<Record<string, readonly [Distribution, plain.Plain]>> = {
    l2: [logUniform(1e-6, 1e-2), { kind: 'logUniform', low: 1e-6, high: 1e-2 }],
    dropout: [uniform(0, 0.8), { kind: 'uniform', low: 0, high: 0.8 }],
    warmupSteps: [integer(1, 9), { kind: 'integer', low: 1, high: 9 }],
    momentum: [choice([0, 0.5, 0.9]), { kind: 'choice', values: [0, 0.5, 0.9] }],
  };
  const names = Object.keys(dimensions);
  const space = Object.fromEntries(Object.entries(dimensions).map(([name, [distribution]]) => [name, distribution]));
  const configOf = (values: readonly unknown[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const started = (strategy: ReturnType<typeof sobol>, population: number | undefined) =>
    strategy.next(stateOf({ space, key, population }))?.start?.map(({ config }) => config);

  test('configurations of random, sobol and grid', () => {
    const next = plain.numbers(seed, 0);
    const drawn = Array.from({ length: 5 }, () =>
      configOf(names.map((name) => plain.valueAt(dimensions[name][1], next()))),
    );
    expect(started(randomSearch(), 5)).toEqual(drawn);
    const points = plain.sobolPoints(tableOfPage(), names.length, 9, plain.numbers(seed, 0));
    const atPoints = points.map((point) =>
      configOf(names.map((name, i) => plain.valueAt(dimensions[name][1], point[i]))),
    );
    expect(started(sobol(), 9)).toEqual(atPoints);
    for (const n of [1, 2, 4]) {
      const combinations = names.reduce<unknown[][]>(
        (all, name) =>
          all.flatMap((values) => plain.gridPoints(dimensions[name][1], n).map((each) => [...values, each])),
        [[]],
      );
      expect(started(grid(n), undefined)).toEqual(combinations.map(configOf));
    }
  });

  test('copies of population-based training', () => {
    const configs = Array.from({ length: 10 }, (_, i) =>
      configOf([1e-6 * 2 ** i, i / 20, 1 + (i % 9), [0, 0.5, 0.9][i % 3]]),
    );
    const trials = trialsOf([9, 1, 8, 2, 7, 3, 6, 4, 5, 0], 1).map((trial, i) => ({ ...trial, config: configs[i] }));
    const resample = 0.25;
    const state = stateOf({ space, changeable: names, key, round: 1, population: 10, trials: trials as never });
    const copies = populationBased({ fraction: 0.5, resample }).next(state)?.start;
    const best = [...(copies ?? [])].map(({ from }) => from);
    const next = plain.numbers(seed, 1);
    // Which way scores count is not of the contract: the best are told from the copies that are made.
    const ranked = [9, 1, 3, 5, 7, 8, 6, 4, 2, 0];
    const wanted = Array.from({ length: 5 }, () => {
      const from = ranked[Math.floor(5 * next())];
      const values = names.map((name) => {
        const [, of] = dimensions[name];
        const anew = next() < resample;
        const w = next();
        return anew ? plain.valueAt(of, w) : plain.changed(of, configs[from][name], w);
      });
      return { from, config: configOf(values) };
    });
    expect(best).toEqual(wanted.map(({ from }) => from));
    expect(copies).toEqual(wanted);
  });
});

test('every dimension of the Sobol points', () => {
  const space = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`d${i}`, uniform(0, 1)]));
  const found = sobol().next(stateOf({ space, key: [3, 0], population: 20 }))?.start;
  const wanted = plain.sobolPoints(tableOfPage(), 21, 20, plain.numbers(3, 0));
  expect(found?.map(({ config }) => Object.values(config))).toEqual(wanted);
});

test('thresholds of dropout, halves too, and the factor of what is kept', () => {
  const random = new Random(1);
  const halves = Array.from({ length: 50 }, () => (Math.floor(random.uniform(0, 2 ** 32)) + 0.5) / 2 ** 32);
  for (const rate of [0, 0.5, 0.1, ...halves]) {
    expect(dropoutThreshold(rate)).toBe(plain.threshold(rate));
    expect(bitsFromFloat(1 / (1 - rate))).toBe(bitsFromFloat(plain.keptFactor(rate)));
  }
});

test('perturbed values', () => {
  const random = new Random(2);
  const both = [
    [uniform(-1, 2), { kind: 'uniform', low: -1, high: 2 }, [-1, -0.3, 0, 1.9, 2]],
    [logUniform(0.1, 10), { kind: 'logUniform', low: 0.1, high: 10 }, [0.1, 1, 9.9]],
    [integer(-20, 20), { kind: 'integer', low: -20, high: 20 }, [-20, -10, -2, -1, 0, 1, 2, 3, 19, 20]],
    [choice(['a', 'b', 'c']), { kind: 'choice', values: ['a', 'b', 'c'] }, ['a', 'b', 'c']],
  ] as const;
  const positive = (value: unknown) => (value === 0 ? 0 : value); // 0 and -0 are one number
  for (const [distribution, of, values] of both) {
    for (const value of values) {
      for (const w of [0, 0.49, 0.5, 0.99, random.next()]) {
        expect(positive(distribution.perturb(value, w))).toBe(positive(plain.changed(of, value, w)));
      }
    }
  }
});

test('a saved file', async () => {
  const trainer = await createTrainer(createReferenceEngine(), sequential([dense(3), dense(2)]), {
    input: [5],
    batchSize: 2,
    loss: meanSquaredError(),
    optimizer: sgd({ momentum: 0.9 }),
    seed: 2n ** 60n,
  });
  const data = dataset({ x: new Random(1).floats(30), y: new Random(2).floats(12), features: 5, outputs: 2 });
  for await (const _ of trainer.fit(data, { epochs: 9, maxSteps: 4 }));
  const file = plain.readFile(await trainer.save());
  expect(file).toMatchObject({
    format: 'wgrad checkpoint 2',
    seed: String(2n ** 60n),
    shuffleSeed: String(2n ** 60n),
    step: '4',
    config: { input: [5], batchSize: 2, loss: { kind: 'meanSquaredError' }, optimizer: { kind: 'sgd' } },
    position: { epoch: 1, row: 2 },
    hyper: { learningRate: expect.any(Number), momentum: 0.9 },
  });
  const weights = await trainer.weights();
  for (const { name, shape, data: values } of weights) {
    expect(file.tensors[name]).toEqual({ shape: [...shape], values: [...values] });
  }
  expect(Object.keys(file.tensors)).toEqual(expect.arrayContaining(['dense0.w', 'dense1.b']));
  trainer.dispose();
});
