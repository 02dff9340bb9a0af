import { describe, expect, test } from 'vitest';
import {
  createPopulation,
  dense,
  type FitOptions,
  type MemberCopy,
  type Population,
  type PopulationOptions,
  sequential,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, bytesFor, DATA, FOUR, OTHER, smallPopulation, smallTraining } from './small-population.js';

/** Something that types forbid. */
const wrong = (value: unknown) => value as never;

const FITTING: Readonly<Record<string, (train: (options: object) => unknown) => unknown>> = {
  'RangeError: fit: epochs must be a positive integer, got 0': (train) => train({ epochs: 0 }),
  'RangeError: fit: maxSteps must be a positive integer, got 0.5': (train) => train({ epochs: 1, maxSteps: 0.5 }),
  'TypeError: fit: earlyStopping needs a validation set': (train) =>
    train({ epochs: 1, earlyStopping: { patience: 1 } }),
  'TypeError: fit: weights must be an array of numbers, or an array with one per member, got null': (train) =>
    train({ epochs: 1, weights: null }),
  'RangeError: fit: weights[0] must have one weight for each of 10 examples, got 3': (train) =>
    train({ epochs: 1, weights: new Float32Array(3).fill(1) }),
  'RangeError: fit: weights[3] must hold finite numbers >= 0, got -1 at row 0': (train) =>
    train({ epochs: 1, weights: [0, 1, 2, 3].map((i) => new Float32Array(10).fill(i < 3 ? 1 : -1)) }),
  'RangeError: fit: weights[2] must not all be 0': (train) =>
    train({ epochs: 1, weights: [1, 1, 0, 1].map((i) => new Float32Array(10).fill(i)) }),
  'RangeError: fit: weights must be one list for all members, or one list for each of the 4, got 1': (train) =>
    train({ epochs: 1, weights: [new Float32Array(10)] }),
  'TypeError: fit: validationWeights are those of a validation set, and there is none': (train) =>
    train({ epochs: 1, validationWeights: new Float32Array(10).fill(1) }),
  'RangeError: fit: validationWeights[0] must have one weight for each of 5 examples, got 10': (train) =>
    train({ epochs: 1, validation: OTHER, validationWeights: new Float32Array(10).fill(1) }),
};

const CALLS: Readonly<Record<string, (of: Population) => unknown>> = {
  'RangeError: select: at least one member must stay': (of) => of.select([]),
  'RangeError: select: 0 is given twice; extend([{ from: 0 }]) copies it': (of) => of.select([0, 0]),
  'RangeError: select: members[0] must be an integer in [0, 3], got 4': (of) => of.select([4]),
  'TypeError: select: members must be an array of indices, got "all"': (of) => of.select(wrong('all')),
  'TypeError: extend: copies must be an array such as [{ from: 0, l2: 1e-3 }], got undefined': (of) =>
    of.extend(wrong(undefined)),
  'TypeError: replace: copies must be an array such as [{ from: 0, l2: 1e-3 }], got a Object': (of) =>
    of.replace(wrong({ from: 0 })),
  'RangeError: replace: at least one member must stay': (of) => of.replace([]),
  'TypeError: replace: copies[0] must be an object such as { from: 0 }, got undefined': (of) =>
    of.replace(wrong(new Array(1))),
  'RangeError: extend: copies[1].from must be an integer in [0, 3], got 1.5': (of) =>
    of.extend([{ from: 0 }, { from: 1.5 }]),
  'RangeError: extend: copies[0]: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got 0.5': (of) =>
    of.extend([{ from: 0, seed: 0.5 }]),
  "RangeError: extend: copies[0]: this model has no lerningRate, did you mean 'learningRate'?; known: dropout, l2, learningRate, momentum":
    (of) => of.extend([{ from: 0, lerningRate: 1 } as MemberCopy]),
  'RangeError: set: member must be an integer in [0, 3], got 9': (of) => of.set(9, { l2: 0 }),
  'RangeError: set: momentum must be a number in [0, 1), got 1': (of) => of.set(0, { momentum: 1 }),
  'RangeError: weights: member must be an integer in [0, 3], got -1': (of) => of.weights(-1),
  'TypeError: save: member must be an integer in [0, 3], got "0"': (of) => of.save(wrong('0')),
  'RangeError: hyperParameters: member must be an integer in [0, 3], got 4': (of) => of.hyperParameters(4),
  'RangeError: evaluate: weights[3] must have one weight for each of 5 examples, got 4': (of) =>
    of.evaluate(OTHER, { weights: [1, 1, 1, 2].map((i) => new Float32Array(i < 2 ? 5 : 4).fill(1)) }),
  'TypeError: evaluate: data must be made by dataset({ x, y }), got []': (of) => of.evaluate(wrong([])),
  'RangeError: predict: the length of x must be a multiple of features = 3, got 2': (of) => of.predict([1, 2]),
};

describe.each(ENGINES)('on %s', (_, engine) => {
  const open = (options: Partial<PopulationOptions>) => smallPopulation(engine, options);
  testRefusals({
    'RangeError: createPopulation: members must hold at least one member': () => open({ members: [] }),
    'TypeError: createPopulation: members must be an array such as [{ seed: 1, l2: 1e-4 }], got 3': () =>
      open({ members: wrong(3) }),
    'TypeError: createPopulation: members[1] must be an object such as { seed: 1, l2: 1e-4 }, got null': () =>
      open({ members: wrong([{}, null]) }),
    'TypeError: createPopulation: members[0] must be an object such as { seed: 1, l2: 1e-4 }, got undefined': () =>
      open({ members: wrong(new Array(2)) }),
    'RangeError: createPopulation: members[1].seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got -1':
      () => open({ members: [{}, { seed: -1 }] }),
    'RangeError: createPopulation: members[0]: dropout must be a number in [0, 1), got 1': () =>
      open({ members: [{ dropout: 1 }] }),
    'RangeError: createPopulation: members[0]: l2 must have 2 values, one a layer, got [1]': () =>
      open({ members: [{ l2: [1] }] }),
    'RangeError: createPopulation: members[0]: this model has no slope; known: dropout, l2, learningRate, momentum':
      () => open({ members: [{ slope: 0.1 }] }),
    "TypeError: createPopulation: members[0].shuffleSeed is for order: 'own'; members that share an order have one shuffleSeed":
      () => open({ members: [{ shuffleSeed: 1 }] }),
    "TypeError: createPopulation: shuffleSeed is for order: 'shared'; with 'own' it belongs to a member": () =>
      open({ order: 'own', shuffleSeed: 1 }),
    'TypeError: createPopulation: seed belongs to a member: members: [{ seed }, ...]': () => open(wrong({ seed: 1 })),
    'RangeError: createPopulation: capacity must be at least the number of members 4, got 3': () =>
      open({ capacity: 3 }),
    'RangeError: createPopulation: capacity must be a positive integer, got 0': () => open({ capacity: 0 }),
    'RangeError: createPopulation: memory must be a number >= 1, got NaN': () => open({ memory: Number.NaN }),
    "TypeError: createPopulation: unknown option 'memori', did you mean 'memory'?; known: input, batchSize, loss, optimizer, regularizer, constraint, augmentation, seed, shuffleSeed, progress, members, order, capacity, memory":
      () => open(wrong({ memori: 1 })),
  });

  test('memory that is too small for one network is refused with numbers', async () => {
    expect(await complaint(() => open({ memory: 1 }))).toMatch(
      /^EngineError of kind limit: createPopulation: memory must be at least \d+ bytes, of which one network needs \d+, got 1$/,
    );
  });

  test('more members than fit in memory are refused with the number that fits', async () => {
    const memory = await bytesFor(engine, 4);
    const [one, five, nine] = await Promise.all([1, 5, 9].map((members) => bytesFor(engine, members)));
    const each = (five - one) / 4;
    const refusal = (where: string, members: number, needed: number) =>
      `EngineError of kind limit: ${where}: ${members} members need ${needed - each / 2} bytes side by side, ` +
      `and memory is ${memory}: 4 fit; use fewer members, or set memory higher`;
    expect(await complaint(() => open({ memory, members: [...FOUR, {}] }))).toBe(refusal('createPopulation', 5, five));
    expect(await complaint(() => open({ memory, capacity: 9 }))).toBe(refusal('createPopulation', 9, nine));
    using population = await smallPopulation(engine, { memory });
    expect(await complaint(() => population.extend([{ from: 0 }]))).toBe(refusal('extend', 5, five));
    const copies = Array.from({ length: 9 }, () => ({ from: 1 }));
    expect(await complaint(() => population.replace(copies))).toBe(refusal('replace', 9, nine));
    expect(population.size).toBe(4);
    await population.replace(copies.slice(5));
    await all(population.fit(DATA, { epochs: 1 }));
  });

  test('nothing that is refused changes a population', async () => {
    using population = await smallPopulation(engine);
    using twin = await smallPopulation(engine);
    const train = (options: object) => all(population.fit(DATA, options as FitOptions));
    for (const [message, call] of Object.entries(FITTING)) expect(await complaint(() => call(train))).toBe(message);
    for (const [message, call] of Object.entries(CALLS)) expect(await complaint(() => call(population))).toBe(message);
    expect(population.stepsTaken).toBe(0);
    for (const each of [population, twin]) await all(each.fit(DATA, { epochs: 1 }));
    for (const i of FOUR.keys()) expect(await population.weights(i)).toEqual(await twin.weights(i));
  });
});

test('more members than the largest buffer holds are refused with the number that fits', async () => {
  const [[, engine]] = ENGINES;
  const options = { ...smallTraining(), input: [1021], members: Array.from({ length: 50_000 }, () => ({})) };
  const memory = Number.MAX_SAFE_INTEGER;
  const said = await complaint(() =>
    createPopulation(engine, sequential([dense(64), dense(3)]), { ...options, memory }),
  );
  const [, bytes, bindable] = said.match(/(\d+) bytes a network, of which a buffer holds at most (\d+)/) ?? [];
  const most = Math.floor(Number(bindable) / Number(bytes));
  expect(said).toBe(
    `EngineError of kind limit: createPopulation: 50000 members do not fit this device side by side, ${most} do ` +
      `(dense0.w: ${bytes} bytes a network, of which a buffer holds at most ${bindable}); use fewer members`,
  );
  expect(Number(bytes)).toBe(1022 * 64 * 4); // the bias is the row after the weights
});
