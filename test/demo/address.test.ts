import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, readAddress, writeAddress } from '../../demo/contract/address.js';
import { LESSON_NAMES, LESSONS, lessonOf, presetOf } from '../../demo/contract/lessons.js';
import {
  ACTIVATIONS,
  configOf,
  DATA,
  type Knobs,
  LIMITS,
  mostExamples,
  OPTIMIZERS,
  runsWith,
  type State,
} from '../../demo/contract/state.js';

const integers = ({ min, max }: { min: number; max: number }) => fc.integer({ min, max });
const reals = ({ min, max }: { min: number; max: number }) =>
  fc.double({ min, max, noNaN: true }).map((value) => value || 0); // an address knows no -0

const knobs = (layers: number): fc.Arbitrary<Knobs> =>
  fc.record({
    l2: fc.oneof(fc.constant(0), reals(LIMITS.l2)),
    dropout: fc.array(reals(LIMITS.dropout), { minLength: layers, maxLength: layers }),
    learningRate: reals(LIMITS.learningRate),
  });

const states: fc.Arbitrary<State> = fc
  .tuple(integers(LIMITS.layers), integers(LIMITS.runs))
  .chain(([layers, runs]) =>
    fc.record({
      data: fc.constantFrom(...DATA.filter((name) => name !== 'own')),
      examples: integers(LIMITS.examples),
      noise: reals(LIMITS.noise),
      hidden: fc.array(integers(LIMITS.units), { minLength: layers, maxLength: layers }),
      activation: fc.constantFrom(...ACTIVATIONS),
      optimizer: fc.constantFrom(...OPTIMIZERS),
      batch: integers(LIMITS.batch),
      seed: fc.maxSafeNat(),
      steps: integers(LIMITS.steps),
      runs: fc.array(knobs(layers), { minLength: runs, maxLength: runs }).map((each) => runsWith(each)),
      selected: fc.integer({ min: 0, max: runs - 1 }),
    }),
  )
  .map(fitted);

test('an address says what it was written from, with and without a lesson', () => {
  fc.assert(
    fc.property(states, fc.option(fc.constantFrom(...LESSON_NAMES), { nil: undefined }), (state, lesson) => {
      const read = readAddress(writeAddress(state, lesson));
      expect(read).toEqual({ state, ...(lesson && { lesson }), notes: [] });
    }),
  );
});

/** Every number within its bounds, whatever the address said. */
function checkBounds({ data, examples, noise, hidden, batch, seed, steps, runs, selected }: State): void {
  const within = (value: number, { min, max }: { min: number; max: number }) => value >= min && value <= max;
  expect(within(examples, { min: LIMITS.examples.min, max: mostExamples(data) })).toBe(true);
  expect(within(noise, LIMITS.noise) && within(seed, LIMITS.seed) && within(steps, LIMITS.steps)).toBe(true);
  expect(within(hidden.length, LIMITS.layers) && hidden.every((units) => within(units, LIMITS.units))).toBe(true);
  expect(within(batch, { min: 1, max: examples })).toBe(true);
  expect(within(runs.length, LIMITS.runs) && selected < runs.length).toBe(true);
  for (const { l2, dropout, learningRate } of runs) {
    expect(l2 === 0 || within(l2, LIMITS.l2)).toBe(true);
    expect(within(learningRate, LIMITS.learningRate)).toBe(true);
    expect(dropout.length === hidden.length && dropout.every((rate) => within(rate, LIMITS.dropout))).toBe(true);
  }
}

describe('a hostile or old address', () => {
  const names = ['v', 'lesson', 'data', 'examples', 'noise', 'hidden', 'batch', 'seed', 'steps', 'run', 'selected'];
  const values = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom(
      ...' 0 -1 1e999 NaN 64,64,64,64,64 0_0_0 __proto__ 0x10 1_000 10_0.99_1 constructor %E0'.split(' '),
    ),
  );
  test('never throws and never exceeds what is allowed', () => {
    const fields = fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 12 });
    fc.assert(
      fc.property(fields, (given) => {
        checkBounds(readAddress(`#${given.map(([name, value]) => `${name}=${value}`).join('&')}`).state);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (hash) => checkBounds(readAddress(hash).state)));
  });

  test.each([
    ['lesson=nine', 'lesson must be one of overfit, l2, dropout, both, l1, search, check, got "nine"'],
    ['data=cifar', 'data must be one of moons, circles, spiral, xor, sine, sparse, mnist, own, got "cifar"'],
    ['data=toString', 'data must be one of moons, circles, spiral, xor, sine, sparse, mnist, own, got "toString"'],
    ['examples=1e9', 'examples must be an integer from 10 to 6000, got "1e9"'],
    ['noise=-1', 'noise must be a number from 0 to 0.5, got "-1"'],
    ['hidden=64,,64', 'hidden must be 1 to 4 integers from 1 to 512, such as 64,64, got "64,,64"'],
    ['seed=1.5', 'seed must be an integer from 0 to 9007199254740991, got "1.5"'],
    ['run=1', 'run must be λ, dropout rates and learning rate, such as 0.01_0.5,0.5_0.001, got "1"'],
    [`data=${'x'.repeat(100)}`, `data must be one of ${DATA.join(', ')}, got "${'x'.repeat(40)}…"`],
    ['data=own', 'data=own: an address cannot carry a file; drop it on the page again'],
  ])('%s is told and left out', (hash, note) => {
    const { state, notes } = readAddress(hash);
    expect(notes).toEqual([note]);
    expect(state).toEqual(LESSONS[0].state);
  });
});

test('lessons and presets are within bounds, and their addresses are short', () => {
  for (const name of LESSON_NAMES) {
    const { state } = lessonOf(name);
    checkBounds(state);
    expect(lessonOf(name).name).toBe(name);
    expect(writeAddress(state, name)).toBe(`#lesson=${name}`);
  }
  for (const data of DATA) {
    const state = fitted({ ...LESSONS[0].state, data, ...presetOf(data) });
    checkBounds(state);
  }
});

test('the configuration is that of a network with dropout after every hidden layer', () => {
  const state = fitted({ ...LESSONS[0].state, hidden: [3], activation: 'tanh', optimizer: 'momentum' });
  const run = { l2: 0.5, dropout: [0.25], learningRate: 0.1 };
  expect(configOf(state, run, { features: 2, outputs: 1, classes: false })).toEqual({
    input: [2],
    batchSize: 50,
    layers: [{ kind: 'dense', units: 3 }, { kind: 'tanh' }, { kind: 'dropout', p: 0.25 }, { kind: 'dense', units: 1 }],
    loss: { kind: 'meanSquaredError' },
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    regularizer: { kind: 'l2', strength: 0.5 },
  });
});

test('an address carries L1, Gaussian dropout and max-norm', () => {
  const [{ state: overfit }] = LESSONS;
  const runs = overfit.runs.map((run) => ({ ...run, l1: 0.1 }));
  const own = { ...overfit, runs, parts: { l1: true, gaussian: true, maxNorm: 2 } as const };
  const address = writeAddress(own, 'overfit');
  expect(address).toBe('#lesson=overfit&parts=l1,gaussian,max-norm-2&run=0_0,0_0.003_0.1');
  expect(readAddress(address)).toEqual({ state: own, lesson: 'overfit', notes: [] });
  expect(readAddress('#lesson=l1&parts=none').state.parts).toBeUndefined();
  for (const text of ['l3', 'max-norm-0', 'l1,', '2']) {
    const { state: read, notes } = readAddress(`#lesson=l1&parts=${text}`);
    expect(read.parts).toEqual({ l1: true });
    expect(notes[0]).toMatch(/^parts must be l1, gaussian and max-norm-2, some of them or none, got/);
  }
});
