import { describe, expect, test, vi } from 'vitest';
import {
  balancedWeights,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  loadTrainer,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  split,
} from '../../src/index.js';
import { foldsOf, meanAndError } from '../../src/tune/folds.js';
import {
  type Configuration,
  choice,
  gaussianProcess,
  grid,
  logUniform,
  populationBased,
  random,
  type SearchOptions,
  type Strategy,
  search,
  sobol,
  successiveHalving,
  uniform,
} from '../../src/tune.js';
import { THOROUGH } from '../laws/law.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';
import { all as reportsOf } from '../train/small-population.js';
import { drain, found } from './small-search.js';

const EXAMPLES = 90;
const x = Float32Array.from({ length: EXAMPLES * 4 }, (_, i) => Math.sin(i * i));
const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => (x[4 * i] + x[4 * i + 1] > 0.3 ? 1 : 0));
const all = dataset({ x, y: labels, features: 4 });
const { train, validation } = split(all, { validation: 30, seed: 1 });

const model = () => sequential([dense(8), relu(), dropout(0.1), dense(2)]);
const training = () => ({
  input: [4],
  batchSize: 16,
  loss: softmaxCrossEntropy(),
  regularizer: l2(1e-3),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
});
const options = (more: Partial<SearchOptions> = {}): SearchOptions => ({
  ...training(),
  space: { l2: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.6) },
  strategy: random(),
  population: 5,
  budget: { epochs: 3 },
  train,
  ...('folds' in more ? {} : { validation }),
  seed: 7,
  ...more,
});

/** Returns what a trainer of one configuration measures after each epoch. */
async function alone(engine: Engine, config: Configuration, epochs: number) {
  using trainer = await createTrainer(engine, model(), { ...training(), seed: 7 });
  trainer.set(config);
  const reports = await reportsOf(trainer.fit(train, { epochs, validation }));
  return { reports, weights: await trainer.weights() };
}

/** The searches that `npm test` repeats on the GPU: dropping, folds and batches move states there, and turns read them back. */
const ON_GPU = ['halving', 'folds', 'batches', 'Sobol points that take turns'];

describe.each(ENGINES)('on %s', (where, engine) => {
  test('every trial is what a trainer of its configuration is', async () => {
    const run = search(engine, model(), options());
    const rungs = await drain(run);
    expect(rungs.map(({ round, epoch, epochs }) => [round, epoch, epochs])).toEqual([
      [0, 1, 3],
      [0, 2, 3],
      [0, 3, 3],
    ]);
    const { trials, best, bestConfig, complete } = run.result;
    expect([trials.length, complete]).toEqual([5, true]);
    for (const { config, rungs, status, score, epochs } of trials) {
      const { reports } = await alone(engine, config, 3);
      expect([status, epochs]).toEqual(['finished', 3]);
      expect(rungs.map(({ epoch, trainLoss, validationLoss }) => ({ epoch, trainLoss, validationLoss }))).toEqual(
        reports.map(({ epoch, trainLoss, validationLoss }) => ({ epoch, trainLoss, validationLoss })),
      );
      expect(score).toBe(reports[2].validationLoss);
    }
    const scores = trials.map(({ score = Number.NaN }) => score);
    expect(best).toBe(scores.indexOf(Math.min(...scores)));
    expect(bestConfig).toEqual(trials[best ?? -1].config);
    expect(rungs.at(-1)?.best?.id).toBe(best);
    using trainer = await loadTrainer(engine, await run.bestNetwork());
    expect(await trainer.weights()).toEqual((await alone(engine, bestConfig ?? {}, 3)).weights);
    expect(JSON.parse(JSON.stringify(run))).toEqual(JSON.parse(JSON.stringify(run.result)));
    expect(run.toCSV().split('\r\n')).toHaveLength(1 + 5 * 3 + 1);
  });

  const searches: [string, Partial<SearchOptions>][] = [
    ['random search', {}],
    ['a grid', { strategy: grid(2), population: undefined }],
    ['Sobol points that take turns', { strategy: sobol(), memory: 40_000 }],
    ['halving', { strategy: successiveHalving({ eta: 2 }), population: 6, budget: { epochs: 5 } }],
    ['population-based training', { strategy: populationBased({ fraction: 0.4 }), budget: { epochs: 4 } }],
    ['batches', { strategy: gaussianProcess({ start: 2, batch: 2 }), population: 5, budget: { epochs: 2 } }],
    ['folds', { folds: 3, population: 2, budget: { epochs: 2 } }],
    ['patience', { patience: 1, budget: { epochs: 5 }, space: { learningRate: logUniform(0.01, 3) } }],
    ['accuracy', { metric: 'accuracy' }],
  ];
  const repeated = searches.filter(([name]) => THOROUGH || where !== 'the GPU' || ON_GPU.includes(name));
  test.each(repeated)('%s, stopped after any epoch and resumed, ends the same', async (_, more) => {
    const whole = search(engine, model(), options(more));
    const epochs = (await drain(whole)).length;
    const network = await whole.bestNetwork();
    for (let stop = 1; stop <= epochs; stop++) {
      if (!THOROUGH && stop % 2 === 0 && stop < epochs) continue;
      using first = search(engine, model(), options(more));
      let left = stop;
      for await (const _ of first) if (--left === 0) break;
      const resumed = search(engine, model(), options({ ...more, resume: await first.save() }));
      await drain(resumed);
      expect(found(resumed)).toEqual(found(whole));
      expect(await resumed.bestNetwork()).toEqual(network);
    }
  });

  test('trials that have had all epochs are finished when the next batch begins, and the best network is kept', async () => {
    const strategy = gaussianProcess({ start: 3, batch: 1 });
    const run = search(engine, model(), options({ strategy, population: 5, budget: { epochs: 1 } }));
    const rungs = await drain(run);
    expect(rungs.map(({ trials }) => trials.map(({ status }) => status))).toEqual([
      ['running', 'running', 'running'],
      ['finished', 'finished', 'finished', 'running'],
      ['finished', 'finished', 'finished', 'finished', 'running'],
    ]);
    const { trials, bestConfig } = run.result;
    expect(trials.every(({ status }) => status === 'finished')).toBe(true);
    using trainer = await loadTrainer(engine, await run.bestNetwork());
    expect(await trainer.weights()).toEqual((await alone(engine, bestConfig ?? {}, 1)).weights);
  });

  test.each([
    ['side by side', {}],
    ['with folds', { folds: 2, population: 2 }],
  ])('aborted at any look at the signal, saved and resumed, ends the same, %s', async (_, more) => {
    const whole = search(engine, model(), options(more));
    await drain(whole);
    let middle = 0;
    for (let looks = 1; looks < 40; looks += 5) {
      let left = looks;
      const signal = Object.create(null, { aborted: { get: () => left-- <= 0 }, reason: { value: 'enough' } });
      using run = search(engine, model(), options({ ...more, signal }));
      const message = await complaint(() => drain(run));
      if (run.result.complete) break;
      expect(message).toMatch(
        /^EngineError of kind aborted: search: aborted in round [01], after \d+ epochs of all trials$/,
      );
      const resumed = search(engine, model(), options({ ...more, resume: await run.save() }));
      if (run.result.trials.length > 0) middle++;
      await drain(resumed);
      expect(found(resumed)).toEqual(found(whole));
    }
    expect(middle).toBeGreaterThan(2);
  });

  test('folds: each a trainer with the weights of its rows; the mean and its error', async () => {
    const run = search(engine, model(), options({ folds: 4, population: 3, budget: { epochs: 2 } }));
    await drain(run);
    const { training: weights, heldOut } = foldsOf(train.examples, 4, [7, 0], { labels: train.y });
    const { trials, best, oneStandardError } = run.result;
    for (const { config, rungs } of trials) {
      const losses: number[] = [];
      for (const [fold, own] of weights.entries()) {
        using trainer = await createTrainer(engine, model(), { ...training(), seed: 7 });
        trainer.set(config);
        const weighed = { validation: train, weights: own, validationWeights: heldOut[fold] };
        const [, { validationLoss = Number.NaN }] = await reportsOf(trainer.fit(train, { epochs: 2, ...weighed }));
        losses.push(validationLoss);
      }
      const { mean, error } = meanAndError(losses);
      expect(rungs[1]).toMatchObject({ validationLoss: mean, score: mean, standardError: error });
    }
    const at = trials[best ?? -1];
    const limit = (at.score ?? 0) + (at.rungs[1].standardError ?? 0);
    const able = trials.filter(({ score = 9 }) => score <= limit).map(({ config }) => Number(config.l2));
    expect(trials[oneStandardError ?? -1].config.l2).toBe(Math.max(...able));
    using refitted = await loadTrainer(engine, await run.bestNetwork());
    expect(refitted.stepsTaken).toBe(2 * Math.ceil(train.examples / 16));
  });

  test('weights: every trial is a trainer with them; in a fold a row weighs its own', async () => {
    const weights = balancedWeights(train);
    const validationWeights = balancedWeights(validation);
    const own = { weights, validationWeights };
    const run = search(engine, model(), options({ ...own, population: 1 }));
    await drain(run);
    const [{ config, rungs }] = run.result.trials;
    using trainer = await createTrainer(engine, model(), { ...training(), seed: 7 });
    trainer.set(config);
    const reports = await trainer.fit(train, { epochs: 3, validation, ...own });
    expect(rungs.map(({ validationLoss }) => validationLoss)).toEqual(reports.map((each) => each.validationLoss));
    const folds = foldsOf(train.examples, 3, [7, 0], { labels: train.y, weights });
    for (const [row, weight] of weights.entries()) {
      expect(folds.training.map((fold) => fold[row]).toSorted()).toEqual([0, weight, weight]);
      expect(folds.heldOut.map((fold, i) => fold[row] + folds.training[i][row])).toEqual([weight, weight, weight]);
    }
    const resumed = search(engine, model(), options({ population: 1, resume: await run.save() }));
    expect(await complaint(() => drain(resumed))).toMatch(
      /^EngineError of kind format: search: resume: weights was "[0-9a-f]+" when the search was saved, and is undefined$/,
    );
  });

  test('a winner whose score never changed is refitted for all its epochs', async () => {
    const run = search(engine, model(), options({ folds: 2, population: 1, budget: { epochs: 3 }, metric: () => 1 }));
    await drain(run);
    using refitted = await loadTrainer(engine, await run.bestNetwork());
    expect(refitted.stepsTaken).toBe(3 * Math.ceil(train.examples / 16));
  });

  test('architectures are groups of their own', async () => {
    const make = (config: Configuration) => {
      const hidden = config.hidden as number[];
      return sequential([...hidden.flatMap((units) => [dense(units), relu()]), dropout(0.1), dense(2)]);
    };
    const space = { hidden: choice([[4], [3, 5]]), l2: logUniform(1e-4, 1e-2), dropout: 0.2 };
    const created = vi.spyOn(engine, 'createExecutor');
    const run = search(engine, make, options({ space, population: 6 }));
    await drain(run);
    const { trials } = run.result;
    const groups = created.mock.calls.flatMap(([{ members = 0 } = {}]) => (members > 0 ? [members] : []));
    created.mockRestore();
    expect(groups).toHaveLength(2);
    expect(groups[0] + groups[1]).toBe(6);
    for (const { config, rungs } of trials) {
      using trainer = await createTrainer(engine, make(config), { ...training(), seed: 7 });
      trainer.set({ l2: Number(config.l2), dropout: 0.2 });
      const reports = await reportsOf(trainer.fit(train, { epochs: 3 }));
      expect(rungs.map(({ trainLoss }) => trainLoss)).toEqual(reports.map(({ trainLoss }) => trainLoss));
    }
  });

  test('what diverges is marked and dropped; the others do not notice', async () => {
    const rates = [0.1, 1e12, 0.05];
    const run = search(
      engine,
      model(),
      options({ space: { learningRate: choice(rates) }, strategy: grid(), population: undefined }),
    );
    await drain(run);
    const { trials } = run.result;
    expect(trials.map(({ status }) => status)).toEqual(['finished', 'diverged', 'finished']);
    expect(trials[1].diverged?.what).toBeTruthy();
    for (const id of [0, 2]) {
      const { reports } = await alone(engine, { learningRate: rates[id] }, 3);
      expect(trials[id].rungs.map(({ trainLoss }) => trainLoss)).toEqual(reports.map(({ trainLoss }) => trainLoss));
    }
  });

  test('all diverge: the search ends without a best', async () => {
    const run = search(engine, model(), options({ space: { learningRate: uniform(1e12, 2e12) } }));
    await drain(run);
    expect(run.result).toMatchObject({ complete: true, best: null, bestConfig: null });
    expect(await complaint(() => run.bestNetwork())).toMatch(
      /^EngineError of kind unsupported: search: no trial has been judged/,
    );
  });

  test('a strategy of the caller: brackets that start late, and copies', async () => {
    const strategy: Strategy = {
      kind: 'mine',
      options: {},
      next: ({ round, trials }) =>
        [
          { start: [{ config: { l2: 0.1 } }, { config: { l2: 0.01 } }], epochs: 1 },
          { keep: [1], start: [{ config: { l2: 0.001 } }, { config: { l2: 0.5 }, from: 0 }], epochs: 1 },
        ][trials.length > 2 && round > 1 ? 2 : round],
    };
    const space = { l2: logUniform(1e-4, 1) };
    const run = search(engine, model(), options({ strategy, space, population: undefined }));
    await drain(run);
    const { trials } = run.result;
    expect(trials.map(({ id, status, epochs, parent }) => [id, status, epochs, parent])).toEqual([
      [0, 'dropped', 1, undefined],
      [1, 'finished', 2, undefined],
      [2, 'finished', 1, undefined],
      [3, 'finished', 2, 0],
    ]);
    expect(trials[3].rungs.map(({ epoch }) => epoch)).toEqual([2]);
    using trainer = await createTrainer(engine, model(), { ...training(), seed: 7 });
    const losses: number[] = [];
    for (const strength of [0.1, 0.5]) {
      trainer.set({ l2: strength });
      for await (const { trainLoss } of trainer.fit(train, { epochs: 1 })) losses.push(trainLoss);
    }
    expect(trials[3].rungs[0].trainLoss).toBe(losses[1]);
  });
});
