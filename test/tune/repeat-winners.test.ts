import { expect, test } from 'vitest';
import {
  adam,
  createReferenceEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  l2,
  meanSquaredError,
  relu,
  sequential,
} from '../../src/index.js';
import { choice, logUniform, random, repeatWinners, search, type Trial } from '../../src/tune.js';
import { sharedEngine } from '../gpu/stored.js';

const engine = await sharedEngine();
const rows = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const data = dataset({ x: rows, y: rows.map(([a, b]) => a * b + 0.2 * Math.sin(17 * a)) });
const train = dataset({ x: rows.slice(0, 16), y: data.y.slice(0, 16) });
const validation = dataset({ x: rows.slice(16), y: data.y.slice(16) });
const training = {
  input: [2],
  batchSize: 8,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.05 }),
  regularizer: l2(0),
};
const model = sequential([dense(6), relu(), dropout(0.2), dense(1)]);
const options = {
  ...training,
  space: { l2: logUniform(1e-5, 1) },
  strategy: random(),
  population: 5,
  budget: { epochs: 4 },
  train,
  validation,
  seed: 7,
};

test('each of the best is trained again as a trainer from every seed; the best mean and the simplest near it are told', async () => {
  const run = search(engine, model, options);
  for await (const _ of run);
  const { trials } = run.result;
  const { repeated, best, oneStandardError } = await repeatWinners(engine, model, options, run.result, {
    winners: 2,
    seeds: 3,
  });
  const byScore = trials.toSorted((a, b) => Number(a.score) - Number(b.score));
  expect(repeated.map(({ trial }) => trial)).toEqual(byScore.slice(0, 2).map(({ id }) => id));
  for (const { trial, config, scores, mean, deviation } of repeated) {
    expect(config).toEqual(trials[trial].config);
    expect(new Set(scores).size).toBe(3);
    const sum = scores.reduce((a, b) => a + b);
    expect(mean).toBeCloseTo(sum / 3, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(scores.reduce((all, s) => all + (s - sum / 3) ** 2, 0) / 2), 12);
  }
  const { config, scores } = repeated[1];
  for (const [i, seed] of [8, 9, 10].entries()) {
    const alone = await createTrainer(engine, model, { ...training, seed });
    alone.set(config as { l2: number });
    await alone.fit(train, { epochs: 4 });
    expect(scores[i]).toBe((await alone.evaluate(validation)).loss);
    alone.dispose();
  }
  const means = repeated.map(({ mean }) => Number(mean));
  expect(best).toBe(repeated[means.indexOf(Math.min(...means))].trial);
  const limit = Math.min(...means) + Number(repeated.find(({ trial }) => trial === best)?.deviation) / Math.sqrt(3);
  const near = repeated.filter(({ mean }) => Number(mean) <= limit);
  expect(trials[Number(oneStandardError)].config.l2).toBe(Math.max(...near.map((each) => Number(each.config.l2))));
  run.dispose();
});

const ended = (id: number, score: number, config: Trial['config'], status: Trial['status'] = 'finished'): Trial => ({
  id,
  config,
  status,
  epochs: 4,
  score,
  rungs: [],
  seconds: 0,
});

test('architectures train apart, what was dropped is no winner, and a rate that diverges is said', async () => {
  const reference = createReferenceEngine();
  const made = ({ units }: Trial['config']) => sequential([dense(Number(units)), relu(), dense(1)]);
  const space = { units: choice([2, 3]), learningRate: logUniform(1e-3, 1e30) };
  const trials = [
    ended(0, 0.1, { units: 2, learningRate: 0.01 }, 'dropped'),
    ended(1, 0.2, { units: 2, learningRate: 0.01 }),
    ended(2, 0.3, { units: 3, learningRate: 0.02 }),
    ended(3, 0.4, { units: 3, learningRate: 1e30 }),
  ];
  const { repeated, best, oneStandardError } = await repeatWinners(
    reference,
    made,
    { ...options, space },
    { trials },
    { seeds: 2 },
  );
  expect(repeated.map(({ trial, scores }) => [trial, scores.length])).toEqual([
    [1, 2],
    [2, 2],
    [3, 0],
  ]);
  expect(repeated[2]).toMatchObject({ mean: null, deviation: null });
  expect([1, 2]).toContain(best);
  expect(oneStandardError).toBeNull(); // no λ in the space
});

test.each([
  [{ seeds: 1 }, {}, 'repeatWinners: seeds must be an integer >= 2, got 1'],
  [{ winners: 0 }, {}, 'repeatWinners: winners must be a positive integer, got 0'],
  [{ seed: 3 }, {}, "repeatWinners: unknown option 'seed'"],
  [{}, { folds: 2, validation: undefined }, 'repeatWinners: folds have a standard error of their own; give validation'],
])('%j is refused', async (asked, changes, message) => {
  await expect(
    repeatWinners(engine, model, { ...options, ...changes }, { trials: [] }, asked as object),
  ).rejects.toThrow(message);
});
