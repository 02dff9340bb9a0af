import { describe, expect, test } from 'vitest';
import {
  adam,
  binaryCrossEntropy,
  createEngine,
  createReferenceEngine,
  createTrainer,
  dense,
  dropout,
  loadModel,
  meanSquaredError,
  type Preparation,
  prepareTable,
  readTable,
  type SaveOptions,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { countingDevice } from './counting-device.js';

const told: string[] = [];
const engine = { ...createReferenceEngine(), log: (text: string) => told.push(text) };
const SOFTMAX = softmaxCrossEntropy();

/** Returns a loaded model of one layer and its trainer. */
async function modelOf(features: number, outputs: number, loss = SOFTMAX, save: SaveOptions = {}, on = engine) {
  const options = { input: [features], batchSize: 2, loss, optimizer: adam(), seed: 5 };
  const trainer = await createTrainer(on, sequential([dense(outputs)]), options);
  return { model: await loadModel(on, await trainer.save(save)), trainer };
}

/** Decimal commas, and dates that single rows leave open. */
const CSV = `id,dose,day,sex,group
1,"1,5",1/2/2020,f,a
2,"2,5",25/2/2020,m,b
3,"",3/3/2020,f,a
4,"1,234",4/3/2020,m,b
5,"0,5",5/3/2020,f,b
6,"3,5",6/3/2020,m,a
`;

describe('rows of a table', () => {
  test('are prepared as in training, in any order of columns, together or alone', async () => {
    const table = await readTable(CSV);
    const { preparation, train, rows } = prepareTable(table, { target: 'group', drop: ['id'] });
    const { model, trainer } = await modelOf(train.features, 2, SOFTMAX, { preparation });
    expect(model.preparation).toEqual(preparation);
    expect(model.classes).toEqual(['a', 'b']);
    expect(model.inputNames).toEqual(['dose', 'dose is missing', 'day', 'sex = f', 'sex = m', 'sex = (other)']);
    const outputs = await trainer.predict(train.x as Float32Array);
    const answers = await model.predict(table);
    expect(Array.from(rows.train, (row) => answers[row])).toEqual(
      Array.from(rows.train, (_, i) => (outputs[2 * i + 1] > outputs[2 * i] ? 'b' : 'a')),
    );
    const probabilities = await model.predictProbabilities(table);
    for (let row = 0; row < 6; row++) {
      const cell = (name: string) => table.columns.find((column) => column.name === name)?.cells.text(row);
      const alone = { sex: cell('sex'), day: cell('day'), dose: cell('dose') };
      expect(await model.predict([alone])).toEqual([answers[row]]);
      expect(await model.predictProbabilities([alone])).toEqual(probabilities.subarray(2 * row, 2 * row + 2));
    }
  });

  test('are read one by one: what cannot be read in one row changes no other, and is told once', async () => {
    const { preparation, train } = prepareTable(await readTable(CSV), { target: 'group', drop: ['id'] });
    const { model } = await modelOf(train.features, 2, SOFTMAX, { preparation });
    const base = { dose: '1,5', day: '3/2/2020', sex: 'f' };
    const [no, yes] = await model.predictProbabilities([base]);
    told.length = 0;
    for (const day of ['soon', '2020-02-03', '2/25/2020', new Date('2020-02-03'), null]) {
      const two = await model.predictProbabilities([base, { ...base, day }]);
      expect([...two.subarray(0, 2)]).toEqual([no, yes]);
      if (day !== 'soon' && day !== '2/25/2020' && day !== null) expect([...two.subarray(2)]).toEqual([no, yes]);
    }
    await model.predict([{ ...base, sex: 'other', dose: 'much' }]);
    expect(told).toEqual([
      "wgrad: predictProbabilities: 'day' is not a date (day first) in 1 row, where it is filled in",
      "wgrad: predict: 'dose' is not a number in 1 row, where it is filled in",
      "wgrad: predict: 'sex' has values that the model does not know in 1 row: other",
    ]);
  });

  const preparation: Preparation = {
    features: [
      { name: 'size', kind: 'number', mean: 2, deviation: 4, fill: 10, indicator: true },
      { name: 'kind', kind: 'category', values: ['x', 'y'] },
    ],
    target: { name: 'price', mean: 100, deviation: 50 },
  };

  test('numbers come in the units of the table; unknown values and missing numbers have their places', async () => {
    const { model, trainer } = await modelOf(5, 1, meanSquaredError(), { preparation });
    const y = await trainer.predict([
      [0.5, 0, 1, 0, 0],
      [2, 1, 0, 0, 1],
    ]);
    const rows = [
      { size: 4, kind: 'X' },
      { size: null, kind: 'new' },
    ];
    expect(await model.predict(rows)).toEqual(Array.from(y, (value) => value * 50 + 100));
    expect(await model.predict([[0.5, 0, 1, 0, 0]])).toEqual(y.subarray(0, 1));
    expect(await complaint(() => model.predictProbabilities(rows))).toBe(
      'TypeError: predictProbabilities: the model was trained with meanSquaredError, so it has no classes; use predict',
    );
  });

  test('a missing column is an error that names all, an unknown one is told once', async () => {
    const { model } = await modelOf(5, 1, meanSquaredError(), { preparation });
    expect(await complaint(() => model.predict([{ price: 1 }]))).toBe(
      'EngineError of kind data: predict: the columns size, kind are missing; columns: price',
    );
    expect(await complaint(() => model.predict([{ size: 1, kind: 'x' }, null as never]))).toBe(
      'TypeError: predict: row 1 must be an object such as the others, got null',
    );
    told.length = 0;
    const row = { size: 1, kind: 'x', price: 3, owner: 'Ada', id: 7 };
    for (let call = 0; call < 2; call++) await model.predict([row]);
    expect(told.splice(0)).toEqual(['wgrad: predict: 2 columns that the model does not know are not used: owner, id']);
  });

  test('need a preparation', async () => {
    const { model } = await modelOf(5, 2);
    expect(await complaint(() => model.predict([{ size: 1 }]))).toBe(
      "TypeError: predict: rows of a table need a preparation, which the model's file does not have; give numbers [rows, 5]",
    );
    expect(await complaint(() => model.predict([1, 2]))).toMatch(/^RangeError: predict: /);
  });
});

describe('probabilities', () => {
  test('of softmax', async () => {
    const { model, trainer } = await modelOf(2, 3);
    const x = [1000, -2000, 0.5, 0.25];
    const z = await trainer.predict(x);
    const wanted = [0, 3].flatMap((start) => {
      const powers = [0, 1, 2].map((i) => Math.exp(z[start + i] - Math.max(...z.subarray(start, start + 3))));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    });
    expect(await model.predictProbabilities(x)).toEqual(Float32Array.from(wanted));
  });

  test.each([1, 2])('of binaryCrossEntropy with %i outputs', async (outputs) => {
    const { model, trainer } = await modelOf(2, outputs, binaryCrossEntropy());
    const x = [1, -2, 3e4, 1e4];
    const p = Array.from(await trainer.predict(x), (z) => 1 / (1 + Math.exp(-z)));
    const found = await model.predictProbabilities(x);
    expect(found).toHaveLength(4);
    if (outputs === 2) expect(found).toEqual(Float32Array.from(p));
    else expect([found[1], found[3]]).toEqual([...Float32Array.from(p)]);
    if (outputs === 1) for (const row of [0, 2]) expect(found[row] + found[row + 1]).toBeCloseTo(1, 6);
  });
});

test('a model tells what its file says', async () => {
  const { model } = await modelOf(2, 3, SOFTMAX, {
    classes: ['x', 'y', 'z'],
    metadata: { by: 'me' },
    weightsOnly: true,
  });
  expect(model).toMatchObject({
    engine,
    features: 2,
    outputs: 3,
    loss: 'softmaxCrossEntropy',
    classes: ['x', 'y', 'z'],
    metadata: { by: 'me' },
    preparation: undefined,
    inputNames: undefined,
  });
  expect(model.config).toMatchObject({ input: [2], layers: [{ kind: 'dense', units: 3 }] });
});

test('samples need dropout', async () => {
  const { model } = await modelOf(2, 3);
  expect(await complaint(() => model.predictSamples([1, 2], { samples: 2 }))).toBe(
    'RangeError: predictSamples: the model has no random layer, such as dropout',
  );
  expect(await complaint(() => model.predictSamples([1, 2], { samples: 0 }))).toBe(
    'RangeError: predictSamples: samples must be an integer in [1, 4294967295], got 0',
  );
});

describe('on a device of its own', () => {
  test('a model takes no memory after dispose, refuses every call, and its engine goes on', async () => {
    const { device, live } = await countingDevice();
    using gpu = await createEngine({ device });
    const options = { input: [2], batchSize: 2, loss: SOFTMAX, optimizer: adam() };
    using trainer = await createTrainer(gpu, sequential([dense(3), dropout(0.5), dense(2)]), options);
    const bytes = await trainer.save();
    const before = new Set(live);
    const model = await loadModel(gpu, bytes);
    await model.predict([1, 2]);
    await model.predictSamples([1, 2], { samples: 2 });
    const [x, out] = [8, 8].map((size) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
    model.encode(device.createCommandEncoder(), x, out);
    x.destroy();
    out.destroy();
    const pending = complaint(() => model.predict([1, 2]));
    model.dispose();
    const gone = 'EngineError of kind disposed: model: it was disposed; load it again with loadModel';
    expect(await pending).toBe(gone);
    const calls = [
      () => model.predict([1, 2]),
      () => model.predictProbabilities([1, 2]),
      () => model.predictSamples([1, 2], { samples: 1 }),
      () => model.encode(device.createCommandEncoder(), x, out),
      () => model.weights(),
    ];
    for (const call of calls) expect(await complaint(call)).toBe(gone);
    expect([...live].filter((buffer) => !before.has(buffer))).toEqual([]);
    using again = await loadModel(gpu, bytes);
    expect(await again.predict([1, 2])).toHaveLength(2);
    device.destroy();
    await device.lost;
    for (const call of [() => again.predict([1, 2]), () => loadModel(gpu, bytes)])
      expect(await complaint(call)).toMatch(/^EngineError of kind lost: engine: the GPU device was lost/);
  });
});
