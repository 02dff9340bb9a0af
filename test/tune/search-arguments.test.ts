import { describe, expect, test } from 'vitest';
import { createReferenceEngine, dataset, dense, relu, sequential } from '../../src/index.js';
import { logUniform, type SearchOptions, type Strategy, search, uniform } from '../../src/tune.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';
import { DATA, OTHER } from '../train/small-population.js';
import { drain, found, small, smallModel } from './small-search.js';

const wrong = (value: unknown) => value as never;
const narrow = dataset({ x: new Float32Array(20), y: new Uint32Array(10), features: 2 });

/** Refused where the search is made. */
const OPTIONS: Readonly<Record<string, () => Partial<SearchOptions>>> = {
  'RangeError: search: space must not be empty; try { l2: logUniform(1e-6, 1e-2) }': () => ({ space: {} }),
  'RangeError: logUniform: high must be above low, got low 1 and high 0.001': () => ({
    space: { l2: logUniform(1, 1e-3) },
  }),
  'RangeError: logUniform: low must be a number > 0, got 0': () => ({ space: { l2: logUniform(0, 1) } }),
  'RangeError: search: space.dropout must be a number in [0, 1), but uniform(0, 1.5) reaches 1.5': () => ({
    space: { dropout: uniform(0, 1.5) },
  }),
  'RangeError: search: folds must be at most the number of examples 10, got 11': () => ({
    folds: 11,
    validation: undefined,
  }),
  'RangeError: search: folds must be an integer >= 2, got 1': () => ({ folds: 1, validation: undefined }),
  'TypeError: search: give either validation or folds, got both': () => ({ folds: 2, validation: OTHER }),
  'TypeError: search: give either validation or folds, got neither': () => ({ validation: undefined }),
  'TypeError: search: strategy must be made by a function such as random(), got "random"': () => ({
    strategy: wrong('random'),
  }),
  'RangeError: search: budget.epochs must be a positive integer, got 0': () => ({ budget: { epochs: 0 } }),
  'RangeError: search: population must be a positive integer, got 0': () => ({ population: 0 }),
  'RangeError: search: patience must be a positive integer, got 0': () => ({ patience: 0 }),
  'RangeError: search: memory must be a number >= 1, got 0': () => ({ memory: 0 }),
  'RangeError: search: batchSize must be a positive integer, got 0': () => ({ batchSize: 0 }),
  "RangeError: search: train has 2 features, the model's input has 3": () => ({ train: narrow }),
  "RangeError: search: validation has 2 features, the model's input has 3": () => ({ validation: narrow }),
  'RangeError: search: weights must have one weight for each of 10 examples, got 1': () => ({ weights: [1] }),
  'RangeError: search: validationWeights must hold finite numbers >= 0, got -1 at row 4': () => ({
    validationWeights: [1, 1, 1, 1, -1],
  }),
  'TypeError: search: validationWeights are those of a validation set, and there is none': () => ({
    folds: 2,
    validation: undefined,
    validationWeights: [1],
  }),
  'TypeError: search: train must be made by dataset({ x, y }), got []': () => ({ train: wrong([]) }),
  'TypeError: search: resume must be a Uint8Array that save() returned, got "file"': () => ({ resume: wrong('file') }),
};

/** A strategy that says this first. */
const saying = (round: unknown): Strategy => ({ kind: 'mine', options: {}, next: () => wrong(round) });

/** Refused when a search begins. */
const ROUNDS: Readonly<Record<string, () => Strategy>> = {
  'RangeError: search: strategy mine: the epochs of a round must be an integer in [1, 3], got 4': () =>
    saying({ start: [{ config: { l2: 0.1 } }], epochs: 4 }),
  'RangeError: search: strategy mine: the epochs of a round must be an integer in [1, 3], got 0': () =>
    saying({ start: [{ config: { l2: 0.1 } }], epochs: 0 }),
  'RangeError: search: strategy mine: a round must keep or start a trial': () => saying({ epochs: 1 }),
  'RangeError: search: strategy mine: trial 0 is not running; running: none': () => saying({ keep: [0], epochs: 1 }),
  'RangeError: search: strategy mine: trial 2 is not running; running: none': () =>
    saying({ start: [{ config: {}, from: 2 }], epochs: 1 }),
  'RangeError: search: trial 0: members[0]: l2 must be a number >= 0, got -1': () =>
    saying({ start: [{ config: { l2: -1 } }], epochs: 1 }),
};

describe.each(ENGINES)('on %s', (_, engine) => {
  test('what is wrong in the options is told before anything runs', async () => {
    for (const [message, options] of Object.entries(OPTIONS)) {
      expect(await complaint(() => search(engine, smallModel(), small(options())))).toBe(message);
    }
  });

  test('what a strategy says wrong is told, and leaves nothing', async () => {
    for (const [message, strategy] of Object.entries(ROUNDS)) {
      const run = search(engine, smallModel(), small({ strategy: strategy(), population: undefined }));
      expect(await complaint(() => drain(run))).toBe(message);
      expect(run.result.trials).toEqual([]);
    }
  });

  test('a file that is truncated, of another search or of other data is refused', async () => {
    const run = search(engine, smallModel(), small());
    for await (const _ of run) break;
    const bytes = await run.save();
    const resume = (more: Partial<SearchOptions>, model = smallModel()) =>
      complaint(() => drain(search(engine, model, small({ resume: bytes, ...more }))));
    for (const length of [0, 7, 8, 100, bytes.length - 4, bytes.length - 1]) {
      expect(await resume({ resume: bytes.slice(0, length) })).toMatch(/^EngineError of kind format: safetensors: /);
    }
    const was = 'EngineError of kind format: search: resume:';
    expect(await resume({ seed: 1 })).toBe(
      `${was} seed was "9223372036854775815" when the search was saved, and is "1"`,
    );
    expect(await resume({ budget: { epochs: 4 } })).toBe(`${was} epochs was 3 when the search was saved, and is 4`);
    expect(await resume({ train: OTHER })).toMatch(
      / train was "10 x 3, [0-9a-f]+" when the search was saved, and is "5 x 3, /,
    );
    expect(await resume({ validation: DATA })).toMatch(/ validation was "5 x 3, .* and is "10 x 3, /);
    expect(await resume({}, sequential([dense(5), relu(), dense(3)]))).toMatch(
      / layers was \[.* when the search was saved, and is /,
    );
    run.dispose();
  });

  test('a file with one bit changed is refused, wherever it is', async () => {
    const run = search(engine, smallModel(), small());
    for await (const _ of run) break;
    const bytes = await run.save();
    run.dispose();
    for (let at = 0; at < bytes.length; at += 97) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      const resumed = search(engine, smallModel(), small({ resume: damaged, budget: { epochs: 3 } }));
      expect(await complaint(() => drain(resumed))).toMatch(/^EngineError of kind format: /);
      resumed.dispose();
    }
  });

  test('a file goes on on another engine', async () => {
    const run = search(engine, smallModel(), small());
    for await (const _ of run) break;
    const resumed = search(createReferenceEngine(), smallModel(), small({ resume: await run.save() }));
    await drain(resumed);
    await drain(run);
    const [a, b] = [found(run), found(resumed)].map(({ trials }) =>
      trials.map(({ rungs }) => rungs.map(({ score }) => score)),
    );
    expect(b.map(([first]) => first)).toEqual(a.map(([first]) => first));
    for (const [i, scores] of a.entries()) {
      for (const [epoch, score] of scores.entries()) expect(b[i][epoch]).toBeCloseTo(score, 3);
    }
  });
});

test('a batch larger than the data is the data', async () => {
  const engine = createReferenceEngine();
  const losses: unknown[][] = [];
  for (const batchSize of [DATA.examples, DATA.examples + 1]) {
    const run = search(engine, smallModel(), small({ batchSize }));
    await drain(run);
    losses.push(found(run).trials.map(({ rungs }) => rungs));
  }
  expect(losses[1]).toEqual(losses[0]);
  expect(losses[0]).toHaveLength(3);
});
