import { expect, test } from 'vitest';
import {
  batchNorm,
  binaryCrossEntropy,
  createEngine,
  createReferenceEngine,
  createTrainer,
  dense,
  dropout,
  type Engine,
  type Layer,
  type Loss,
  layerNorm,
  leakyRelu,
  loadModel,
  meanSquaredError,
  sequential,
  sgd,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
  standout,
  toOnnx,
} from '../../src/index.js';
import activationKinds, * as activations from '../../src/nn/activations.js';
import { differenceOf, openSession, Tensor } from './open-session.js';

const [ROWS, FEATURES, OUTPUTS] = [17, 5, 3];
/** The difference allowed: sums of float32 in another order, and each side's own approximation of exp and erf. */
const TOLERANCE = 1e-5;

/** Inputs from -30 to 30, where activations saturate, and near 0. */
const x = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => 30 * Math.sin(i * i) ** 3);

/** Layers by name, every activation among them. */
const LAYERS: Readonly<Record<string, () => Layer>> = {
  ...Object.fromEntries(activationKinds.map((kind) => [kind, activations[kind]])),
  'leakyRelu of another slope': () => leakyRelu(0.3),
  dropout: () => dropout(0.5),
  standout: () => standout({ scale: 0.7, shift: 0.2 }),
  layerNorm,
  batchNorm,
  'dense without a bias': () => dense(6, { bias: false }),
};

async function trained(engine: Engine, layers: readonly Layer[], loss: Loss = meanSquaredError()) {
  const trainer = await createTrainer(engine, sequential(layers), {
    input: [FEATURES],
    batchSize: 8,
    loss: loss,
    optimizer: sgd({ learningRate: 0.01 }),
    seed: 3,
  });
  const y = Float32Array.from({ length: ROWS * OUTPUTS }, (_, i) =>
    i % OUTPUTS === Math.floor(i / OUTPUTS) % OUTPUTS ? 1 : 0,
  );
  if (loss.targets === 'classes') trainer.step({ x: x.subarray(0, 8 * FEATURES), y: new Uint32Array(8).fill(1) });
  else trainer.step({ x: x.subarray(0, 8 * FEATURES), y: y.subarray(0, 8 * OUTPUTS) });
  return trainer;
}

test.each(Object.entries(LAYERS))('%s', async (_, layer) => {
  using trainer = await trained(createReferenceEngine(), [dense(7), layer(), layer(), dense(OUTPUTS)]);
  const session = await openSession(await toOnnx(trainer));
  const { output } = await session.run({ x: new Tensor('float32', x, [ROWS, FEATURES]) });
  expect(output.dims).toEqual([ROWS, OUTPUTS]);
  expect(differenceOf(output, await trainer.predict(x))).toBeLessThan(TOLERANCE);
});

test('all layers, as the GPU computes them', async () => {
  const between = Object.values(LAYERS).flatMap((layer) => [dense(9), layer()]);
  using trainer = await trained(createReferenceEngine(), [...between, dense(OUTPUTS)]);
  using model = await loadModel(await createEngine(), await trainer.save());
  const session = await openSession(await toOnnx(model));
  const { output } = await session.run({ x: new Tensor('float32', x, [ROWS, FEATURES]) });
  expect(differenceOf(output, await model.predict(x))).toBeLessThan(TOLERANCE);
});

test('an activation alone keeps its precision at both ends', async () => {
  const values = Float32Array.from({ length: 121 }, (_, i) => (i - 60) / 4);
  for (const [name, layer] of Object.entries(LAYERS)) {
    if (name === 'dense without a bias' || name === 'layerNorm') continue; // those are of several columns
    using trainer = await createTrainer(createReferenceEngine(), sequential([dense(1), layer()]), {
      input: [1],
      batchSize: 1,
      loss: meanSquaredError(),
      optimizer: sgd(),
    });
    const session = await openSession(await toOnnx(trainer));
    const { output } = await session.run({ x: new Tensor('float32', values, [values.length, 1]) });
    expect(differenceOf(output, await trainer.predict(values)), name).toBeLessThan(TOLERANCE);
  }
});

const softmax = (row: readonly number[]) => {
  const terms = row.map((z) => Math.exp(z - Math.max(...row)));
  return terms.map((term) => term / terms.reduce((sum, each) => sum + each));
};
const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

test.each([
  ['softmaxCrossEntropy', softmaxCrossEntropy(), ['a', 'b', 'ß']],
  ['softmaxCrossEntropy without names', softmaxCrossEntropy(), undefined],
  ['softTargetCrossEntropy', softTargetCrossEntropy(), undefined],
])('probabilities and labels of %s', async (_, loss, classes) => {
  using trainer = await trained(createReferenceEngine(), [dense(OUTPUTS)], loss);
  const session = await openSession(await toOnnx(trainer, { classes }));
  expect(session.outputNames).toEqual(['output', 'probabilities', 'label']);
  const { probabilities, label } = await session.run({ x: new Tensor('float32', x, [ROWS, FEATURES]) });
  const z = await trainer.predict(x);
  const rows = Array.from({ length: ROWS }, (_, i) => [...z.subarray(OUTPUTS * i, OUTPUTS * (i + 1))]);
  expect(probabilities.dims).toEqual([ROWS, OUTPUTS]);
  expect(differenceOf(probabilities, rows.flatMap(softmax))).toBeLessThan(TOLERANCE);
  expect(label.dims).toEqual([ROWS]);
  const codes = rows.map(largest);
  expect(new Set(codes).size).toBeGreaterThan(1);
  expect(Array.from<unknown>(label.data as ArrayLike<unknown>)).toEqual(
    classes ? codes.map((code) => classes[code]) : codes.map(BigInt),
  );
});

test.each([
  [3, undefined],
  [1, undefined],
  [1, ['no', 'yes']],
])('probabilities and labels of binaryCrossEntropy with %d outputs and the classes %j', async (outputs, classes) => {
  using trainer = await createTrainer(createReferenceEngine(), sequential([dense(outputs)]), {
    input: [FEATURES],
    batchSize: 8,
    loss: binaryCrossEntropy(),
    optimizer: sgd(),
  });
  const session = await openSession(await toOnnx(trainer, { classes }));
  const { probabilities, label } = await session.run({ x: new Tensor('float32', x, [ROWS, FEATURES]) });
  const z = await trainer.predict(x);
  expect(probabilities.dims).toEqual([ROWS, outputs]);
  expect(
    differenceOf(
      probabilities,
      Array.from(z, (each) => 1 / (1 + Math.exp(-each))),
    ),
  ).toBeLessThan(TOLERANCE);
  expect(label.dims).toEqual(outputs === 1 ? [ROWS] : [ROWS, outputs]);
  const expected = Array.from(z, (each) => (each > 0 ? 1 : 0));
  expect(new Set(expected).size).toBe(2);
  expect(Array.from<unknown>(label.data as ArrayLike<unknown>)).toEqual(
    classes ? expected.map((code) => classes[code]) : expected.map(BigInt),
  );
});

test('a slope that was set is the one that is written', async () => {
  using trainer = await trained(createReferenceEngine(), [dense(4), leakyRelu(), dense(OUTPUTS)], meanSquaredError());
  trainer.set({ slope: 0.7 });
  const session = await openSession(await toOnnx(trainer));
  const { output } = await session.run({ x: new Tensor('float32', x, [ROWS, FEATURES]) });
  expect(differenceOf(output, await trainer.predict(x))).toBeLessThan(TOLERANCE);
});

test('a loaded model is written as its trainer is', async () => {
  const layers = [dense(4), leakyRelu(), dropout(0.5), dense(OUTPUTS)];
  using trainer = await trained(createReferenceEngine(), layers, softmaxCrossEntropy());
  trainer.set({ slope: 0.7 });
  const annotations = { classes: ['a', 'b', 'c'], metadata: { author: 'Ada' } };
  using model = await loadModel(createReferenceEngine(), await trainer.save(annotations));
  const bytes = await toOnnx(trainer, annotations);
  expect(await toOnnx(model)).toEqual(bytes);
  expect(await toOnnx(model, { metadata: {} })).not.toEqual(bytes);
});

test.each<[string, () => Promise<unknown>]>([
  [
    'TypeError: toOnnx: model must be a trainer or a model that loadModel returned, got a Object',
    () => toOnnx({} as never),
  ],
  ["TypeError: toOnnx: unknown option 'class', did you mean 'classes'?", () => withOptions({ class: 1 })],
  [
    'RangeError: toOnnx: classes must have 3 names, one for each class of the model, got 2',
    () => withOptions({ classes: ['a', 'b'] }),
  ],
])('%s', async (message, write) => {
  expect(String(await write().catch((error: unknown) => error))).toContain(message);
});

/** Writes a classifier with options. */
async function withOptions(options: object): Promise<Uint8Array> {
  using trainer = await trained(createReferenceEngine(), [dense(OUTPUTS)], softmaxCrossEntropy());
  return await toOnnx(trainer, options);
}

test('the file carries what its user must know', async () => {
  using trainer = await trained(createReferenceEngine(), [dense(OUTPUTS)], softmaxCrossEntropy());
  const text = new TextDecoder().decode(
    await toOnnx(trainer, { classes: ['a', 'b', 'c'], metadata: { author: 'Ada' } }),
  );
  for (const part of ['classes', '["a","b","c"]', 'loss', 'author', 'Ada']) expect(text).toContain(part);
});
