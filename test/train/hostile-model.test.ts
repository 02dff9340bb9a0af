import { expect, test } from 'vitest';
import { writeSafetensors } from '../../src/data/safetensors.js';
import { loadModel, loadTrainer } from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { changed, GOOD, json } from './checkpoint-file.js';
import { complaint } from './complaint.js';
import { countedEngine } from './counting-device.js';

const { counting, engine } = await countedEngine();

const load = (bytes: Uint8Array) => loadModel(engine, bytes);
const loadWith = (...change: Parameters<typeof changed>) => load(changed(...change));
const meta = (values: Record<string, string>) => loadWith(({ metadata }) => Object.assign(metadata, values));
const without = (key: string) => loadWith(({ metadata }) => delete metadata[key]);
const prepared = (preparation: unknown) => meta({ preparation: JSON.stringify(preparation) });

const NUMBER = { name: 'a', kind: 'number', mean: 0, deviation: 1, fill: 0, indicator: true };
const TARGET = { name: 't', classes: ['x', 'y', 'z'] };
const AT = 'loadModel: the metadata: preparation';
testRefusals(
  {
    'safetensors: too short at offset 0: expected at least 8 bytes, got 0': () => load(new Uint8Array()),
    "loadModel: the file's format must be 'wgrad checkpoint 2' or 'wgrad weights 2', got undefined": () =>
      load(writeSafetensors([])),
    "loadModel: the file has no 'dense0.w', which the model needs as [2, 4]": () =>
      loadWith(({ tensors }) => tensors.shift()),
    "loadModel: 'dense0.w' must have the shape [2, 4], got [4, 2]": () =>
      loadWith(({ tensors }) => tensors[0].shape.reverse()),
    "loadModel: 'dense0.w' must be F32, got U32": () =>
      loadWith(({ tensors }) => Object.assign(tensors[0], { data: new Uint32Array(8) })),
    "loadModel: 'dense1.w' holds NaN at row 2, column 1": () =>
      loadWith(({ tensors }) => tensors[2].data.fill(NaN, 7, 8)),
    "loadModel: the model has no 'dense9.w', but the file has": () =>
      loadWith(({ tensors }) => tensors.push({ name: 'dense9.w', shape: [1], data: new Float32Array(1) })),
    "loadModel: the metadata's seed must be an integer, got undefined": () => without('seed'),
    "loadModel: the metadata's step must be an integer in [0, 2^32), got undefined": () => without('step'),
    "loadModel: the metadata's hyperParameters must be a JSON object, got undefined": () => without('hyperParameters'),
    "loadModel: the metadata has no 'dropout0.dropout'": () =>
      load(json('hyperParameters', { 'dropout0.dropout': undefined })),
    'loadModel: dropout0.dropout must be a number in [0, 1), got 1': () =>
      load(json('hyperParameters', { 'dropout0.dropout': 1 })),
    'loadModel: the model has no parameters': () => load(json('config', { layers: [{ kind: 'relu' }] })),
    'loadModel: layers must hold at least one layer': () => load(json('config', { layers: [] })),
    'loadModel: the metadata\'s classes must be JSON, got "["': () => meta({ classes: '[' }),
    'loadModel: the metadata: classes must be an array of strings, got a Object': () => meta({ classes: '{}' }),
    'loadModel: the metadata: classes must have 3 names, one for each class of the model, got 2': () =>
      meta({ classes: '["a", "b"]' }),
    "loadModel: the metadata's preparation has two entries 'features'": () =>
      meta({ preparation: '{"features":[],"features":[]}' }),
    [`${AT} must be an object, got null`]: () => meta({ preparation: 'null' }),
    [`${AT}: unknown option '__proto__'; known: features, target, split`]: () =>
      meta({ preparation: '{"__proto__":{},"features":[],"target":{}}' }),
    [`${AT}.features must be an array of columns, got a Object`]: () => prepared({ features: {}, target: TARGET }),
    [`${AT}.features[0].mean must be a finite number, got "1"`]: () =>
      prepared({ features: [{ ...NUMBER, mean: '1' }], target: TARGET }),
    [`${AT}.features[0].deviation must be a number > 0, got 0`]: () =>
      prepared({ features: [{ ...NUMBER, deviation: 0 }], target: TARGET }),
    [`${AT}.features[0].format.decimal must be one of '.', ',', got ";"`]: () =>
      prepared({ features: [{ ...NUMBER, format: { decimal: ';', grouped: '', unit: '' } }], target: TARGET }),
    [`${AT}.features[0].dateFormat must be one of 'year first', 'words', 'month first', 'day first', got "x"`]: () =>
      prepared({ features: [{ ...NUMBER, kind: 'date', dateFormat: 'x' }], target: TARGET }),
    [`${AT} makes 1 inputs of a row, the model has 2`]: () =>
      prepared({ features: [{ ...NUMBER, indicator: false }], target: TARGET }),
    [`${AT}.target.classes has "x" twice`]: () =>
      prepared({ features: [NUMBER], target: { ...TARGET, classes: ['x', 'x', 'y'] } }),
    "safetensors: the header at offset 8 has two entries 'user.a'": () => {
      const text = new TextDecoder('latin1').decode(
        changed(({ metadata }) => Object.assign(metadata, { 'user.a': '', 'user.b': '' })),
      );
      return load(Uint8Array.from(text.replace('user.b', 'user.a'), (letter) => letter.charCodeAt(0)));
    },
  },
  { prefix: 'EngineError of kind format: ', say: untouched(counting) },
);

testRefusals(
  {
    'TypeError: loadModel: bytes must be a Uint8Array, got a Object': () => load({} as never),
    'TypeError: loadModel: engine must be made by createEngine or createReferenceEngine, got undefined': () =>
      loadModel(undefined as never, GOOD),
    'RangeError: loadModel: batchSize must be a positive integer, got 0': () =>
      loadModel(engine, GOOD, { batchSize: 0 }),
    "TypeError: loadModel: unknown option 'batch', did you mean 'batchSize'?; known: batchSize, parts": () =>
      loadModel(engine, GOOD, { batch: 4 } as never),
  },
  { say: untouched(counting) },
);

test('a file cut off anywhere is refused', async () => {
  for (let bytes = 0; bytes < GOOD.length; bytes += 7) {
    const found = await complaint(() => load(GOOD.subarray(0, bytes)));
    expect(found).toMatch(/^EngineError of kind format: safetensors: /);
  }
});

test('what only training needs may be wrong or missing', async () => {
  using model = await meta({ position: 'x', shuffleSeed: '-' });
  expect(await model.predict([1, 2])).toHaveLength(3);
  const weights = changed(({ metadata }) => Object.assign(metadata, { format: 'wgrad weights 2' }));
  expect(await (await load(weights)).predict([1, 2])).toEqual(await model.predict([1, 2]));
  expect(await complaint(() => loadTrainer(engine, weights))).toMatch(/holds weights only/);
});

test('metadata of any name are only metadata', async () => {
  const names = ['__proto__', 'constructor', 'toString', '', 'user.', 'config'];
  const own = Object.fromEntries(names.map((name) => [name, `text of ${name}`]));
  using model = await loadWith(({ metadata }) => {
    for (const name of names) Object.defineProperty(metadata, `user.${name}`, { value: own[name], enumerable: true });
  });
  expect(Object.entries(model.metadata)).toEqual(Object.entries(own));
  expect(Object.getPrototypeOf(model.metadata)).toBe(Object.prototype);
});
