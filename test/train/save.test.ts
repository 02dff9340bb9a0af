import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../../src/data/safetensors.js';
import {
  adam,
  binaryCrossEntropy,
  createPopulation,
  createReferenceEngine,
  createTrainer,
  dataset,
  dense,
  loadModel,
  loadTrainer,
  meanSquaredError,
  type Preparation,
  type SaveOptions,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { complaint } from './complaint.js';

const engine = createReferenceEngine();
const options = { input: [3], batchSize: 4, loss: softmaxCrossEntropy(), optimizer: adam() };
const trainer = await createTrainer(engine, sequential([dense(3)]), options);
const regression = await createTrainer(engine, sequential([dense(1)]), { ...options, loss: meanSquaredError() });

const FEATURES: Preparation['features'] = [
  { name: 'dose', kind: 'number', mean: 1.25, deviation: 0.5, fill: 1, indicator: true },
  { name: 'sex', kind: 'yes/no', values: ['f', 'm'] },
];
const PREPARATION: Preparation = { features: FEATURES, target: { name: 'group', classes: ['a', 'b', 'c'] } };
const METADATA = { author: 'Ada', format: 'mine', __proto__x: '', ü: '\ud800', constructor: 'x' };

const annotationsOf = (bytes: Uint8Array) => {
  const { format: _, config: __, ...entries } = readSafetensors(bytes).metadata;
  return Object.fromEntries(Object.entries(entries).filter(([key]) => /^(user\.|preparation|classes)/.test(key)));
};

describe('annotations', () => {
  const cases: readonly SaveOptions[] = [
    { metadata: METADATA },
    { metadata: Object.fromEntries([['__proto__', 'text']]) },
    { preparation: PREPARATION, metadata: METADATA },
    { classes: ['x', 'y', 'z'] },
  ];
  test.each(cases)('survive loading and another save: %j', async (given) => {
    const first = await trainer.save(given);
    const again = await loadTrainer(engine, first);
    const second = await again.save();
    expect(second).toEqual(first);
    expect(Object.keys(annotationsOf(second))).toHaveLength(
      Object.keys(given.metadata ?? {}).length + (given.preparation || given.classes ? 1 : 0),
    );
    expect(annotationsOf(await again.save({ metadata: { a: 'b' } }))).toEqual({
      ...Object.fromEntries(Object.entries(annotationsOf(first)).filter(([key]) => !key.startsWith('user.'))),
      'user.a': 'b',
    });
  });

  test('a preparation takes the place of the classes of the file', async () => {
    const again = await loadTrainer(engine, await trainer.save({ classes: ['x', 'y', 'z'] }));
    expect(annotationsOf(await again.save({ preparation: PREPARATION }))).toEqual({
      preparation: JSON.stringify(PREPARATION),
    });
  });
});

test('the classes of labels are named in the file of a trainer and of a member, and loading keeps them', async () => {
  const data = dataset({ x: [[1], [2], [3], [4]], labels: ['dog', 'cat', 'cow', 'cat'] });
  const model = sequential([dense(3)]);
  const trainer = await createTrainer(engine, model, { ...options, input: [1] });
  await trainer.fit(data, { epochs: 1 });
  const classes = JSON.stringify(data.classNames);
  const bytes = await trainer.save({ weightsOnly: true });
  expect(annotationsOf(bytes)).toEqual({ classes });
  expect((await loadModel(engine, bytes)).classes).toEqual(['cat', 'cow', 'dog']);
  expect(annotationsOf(await (await loadTrainer(engine, await trainer.save())).save())).toEqual({ classes });
  const population = await createPopulation(engine, model, { ...options, input: [1], members: [{}, {}] });
  for await (const _ of population.fit(data, { epochs: 1 }));
  await population.extend([{ from: 0 }]);
  expect(annotationsOf(await population.save(2))).toEqual({ classes });
});

test('names that do not fit the outputs are refused', async () => {
  const data = dataset({ x: [[1], [2]], labels: ['dog', 'cat'] });
  const wide = await createTrainer(engine, sequential([dense(3)]), { ...options, input: [1] });
  expect(await complaint(() => wide.fit(data, { epochs: 1 }))).toBe(
    'RangeError: fit: data names 2 classes, the model has 3 outputs; give it as many, or a name for each',
  );
});

test('a file of weights has no optimizer states, and only loadModel reads it', async () => {
  const bytes = await trainer.save({ weightsOnly: true, classes: ['x', 'y', 'z'] });
  const { tensors, metadata } = readSafetensors(bytes);
  expect([...tensors.keys()]).toEqual(['dense0.w', 'dense0.b']);
  expect(Object.keys(metadata).sort()).toEqual(['classes', 'config', 'format', 'hyperParameters', 'seed', 'step']);
  expect(await complaint(() => loadTrainer(engine, bytes))).toBe(
    'EngineError of kind format: loadTrainer: the file holds weights only, without optimizer states to go on from; loadModel(engine, bytes) reads it',
  );
});

test('a model with a part that a file cannot hold is refused', async () => {
  const own = { kind: 'double', options: { by: () => 2 }, apply: (x: never) => x } as never;
  const strange = await createTrainer(engine, sequential([dense(3), own]), options);
  expect(await complaint(() => strange.save())).toMatch(
    /^EngineError of kind unsupported: save: loadTrainer could not make this model again: layers\[1\].by is a function, which no file can hold; weights\(\) returns the parameters$/,
  );
});

const bad = (value: unknown) => ({ preparation: value }) as never;
const withFeature = (feature: unknown) => bad({ ...PREPARATION, features: [feature, FEATURES[1]] });
const withTarget = (target: unknown) => bad({ ...PREPARATION, target });
const NUMBER = FEATURES[0];
test.each<[message: string, options: SaveOptions]>([
  [
    "TypeError: save: unknown option 'metadat', did you mean 'metadata'?; known: weightsOnly, metadata, preparation, classes",
    { metadat: {} } as never,
  ],
  ['TypeError: save: weightsOnly must be true or false, got 1', { weightsOnly: 1 } as never],
  ['TypeError: save: metadata must be an object of strings, got "x"', { metadata: 'x' } as never],
  ["TypeError: save: metadata: 'a' must be a string, got 7", { metadata: { a: 7 } } as never],
  ['TypeError: save: classes must be an array of strings, got "abc"', { classes: 'abc' } as never],
  ['TypeError: save: classes[1] must be a string, got 1', { classes: ['a', 1, 'c'] } as never],
  ['RangeError: save: classes has "a" twice', { classes: ['a', 'a', 'b'] }],
  ['RangeError: save: classes must have 3 names, one for each class of the model, got 2', { classes: ['a', 'b'] }],
  ['TypeError: save: preparation must be an object, got null', bad(null)],
  ["TypeError: save: preparation: unknown option 'x'; known: features, target, split", bad({ ...PREPARATION, x: 1 })],
  ['TypeError: save: preparation.features must be an array of columns, got []', bad({ ...PREPARATION, features: [] })],
  ['TypeError: save: preparation.features[0] must be an object, got 7', withFeature(7)],
  [
    `RangeError: save: preparation.features[0].kind must be one of 'number', 'date', 'category', 'yes/no', got "dat", did you mean 'date'?`,
    withFeature({ ...NUMBER, kind: 'dat' }),
  ],
  ['TypeError: save: preparation.features[0].name must be a string, got 1', withFeature({ ...NUMBER, name: 1 })],
  [
    'TypeError: save: preparation.features[0].mean must be a finite number, got undefined',
    withFeature({ ...NUMBER, mean: undefined }),
  ],
  [
    'RangeError: save: preparation.features[0].deviation must be a number > 0, got 0',
    withFeature({ ...NUMBER, deviation: 0 }),
  ],
  [
    'RangeError: save: preparation.features[0].fill must be a finite number, got NaN',
    withFeature({ ...NUMBER, fill: Number.NaN }),
  ],
  [
    'TypeError: save: preparation.features[0].indicator must be true or false, got 0',
    withFeature({ ...NUMBER, indicator: 0 }),
  ],
  [
    "TypeError: save: preparation.features[0]: unknown option 'values'; known: name, kind, mean, deviation, fill, indicator, format, binary",
    withFeature({ ...NUMBER, values: [] }),
  ],
  [
    'RangeError: save: preparation.features[0].values must hold at least 1 strings, got 0',
    withFeature({ name: 'a', kind: 'category', values: [] }),
  ],
  [
    'RangeError: save: preparation.features[0].values must be [no, yes], got ["a", "b", "c"]',
    withFeature({ name: 'a', kind: 'yes/no', values: ['a', 'b', 'c'] }),
  ],
  ['RangeError: save: preparation.features has "sex" twice', withFeature({ ...NUMBER, name: 'sex' })],
  [
    'RangeError: save: preparation makes 2 inputs of a row, the model has 3',
    withFeature({ ...NUMBER, indicator: false }),
  ],
  ['TypeError: save: preparation.target must be an object, got undefined', withTarget(undefined)],
  [
    "TypeError: save: preparation.target: unknown option 'mean'; known: name, classes",
    withTarget({ ...PREPARATION.target, mean: 1 }),
  ],
  [
    'RangeError: save: preparation.target.classes must hold at least 2 strings, got 1',
    withTarget({ name: 'group', classes: ['a'] }),
  ],
  [
    'RangeError: save: preparation.target.classes must have 3 names, one for each class of the model, got 2',
    withTarget({ name: 'group', classes: ['a', 'b'] }),
  ],
  [
    'RangeError: save: preparation.target.deviation must be a number > 0, got -1',
    withTarget({ name: 'y', mean: 0, deviation: -1 }),
  ],
  [
    'RangeError: save: preparation.target is a number, so the model must have one output and a loss of numbers such as meanSquaredError, got 3 and softmaxCrossEntropy',
    withTarget({ name: 'y', mean: 0, deviation: 1 }),
  ],
  [
    'TypeError: save: classes and preparation both name the classes; give one of them',
    { preparation: PREPARATION, classes: ['a', 'b', 'c'] },
  ],
])('refused: %s', async (message, options) => {
  expect(await complaint(() => trainer.save(options))).toBe(message);
});

test('a regression has no classes', async () => {
  expect(await complaint(() => regression.save({ classes: ['a'] }))).toBe(
    'RangeError: save: classes: a model with meanSquaredError has no classes',
  );
  const preparation = { ...PREPARATION, target: { name: 'y', mean: 3, deviation: 2 } };
  expect(annotationsOf(await regression.save({ preparation }))).toEqual({ preparation: JSON.stringify(preparation) });
});

test('one output of binaryCrossEntropy tells two classes apart', async () => {
  const binary = await createTrainer(engine, sequential([dense(1)]), { ...options, loss: binaryCrossEntropy() });
  expect(annotationsOf(await binary.save({ classes: ['no', 'yes'] }))).toEqual({ classes: '["no","yes"]' });
});

test('the bytes make a Blob', async () => {
  expect(new Blob([await trainer.save()]).size).toBeGreaterThan(0);
});
