import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createEngine,
  createTrainer,
  dataset,
  dense,
  meanSquaredError,
  sequential,
  type Trainer,
} from '../../src/index.js';
import { type CountingDevice, countingDevice } from './counting-device.js';
import { expectRefused, MODEL, OPTIONS, type Refusal } from './refusals.js';

const x = new Float32Array(8);
const labels = Uint32Array.of(0, 1, 2, 0);
const targets = new Float32Array(8);
const classified = dataset({ x, y: labels, features: 2 });
const with3Features = dataset({ x: new Float32Array(12), y: labels, features: 3 });
const with4Classes = dataset({ x, y: labels, features: 2, classes: 4 });
const withTargets = dataset({ x, y: targets, features: 2, outputs: 2 });
const small = dataset({ x: new Float32Array(6), y: Uint32Array.of(0, 1, 2), features: 2 });

let counting: CountingDevice;
let trainer: Trainer;
let regression: Trainer;
beforeAll(async () => {
  counting = await countingDevice();
  const engine = await createEngine({ device: counting.device });
  trainer = await createTrainer(engine, MODEL, OPTIONS);
  regression = await createTrainer(engine, sequential([dense(2)]), { ...OPTIONS, loss: meanSquaredError() });
});
afterAll(() => {
  expect(counting.uncaught).toEqual([]);
  counting.device.destroy();
});

test.each<Refusal>([
  [
    'fit() without options',
    () => trainer.fit(classified, undefined as never),
    'TypeError: fit: options must be an object, got undefined',
  ],
  [
    'a misspelt option of fit',
    () => trainer.fit(classified, { epoch: 1 } as never),
    "TypeError: fit: unknown option 'epoch', did you mean 'epochs'?; known: epochs, validation, shuffle, signal, steps, maxSteps, earlyStopping, schedule, weights, validationWeights",
  ],
  [
    'epochs: 0',
    () => trainer.fit(classified, { epochs: 0 }),
    'RangeError: fit: epochs must be a positive integer, got 0',
  ],
  [
    'shuffle: 1',
    () => trainer.fit(classified, { epochs: 1, shuffle: 1 as never }),
    'TypeError: fit: shuffle must be true or false, got 1',
  ],
  [
    "steps: 'all'",
    () => trainer.fit(classified, { epochs: 1, steps: 'all' as never }),
    'TypeError: fit: steps must be true or false, got "all"',
  ],
  [
    'a controller for a signal',
    () => trainer.fit(classified, { epochs: 1, signal: new AbortController() as never }),
    'TypeError: fit: signal must be an AbortSignal, got a AbortController',
  ],
  [
    'data that is none',
    () => trainer.fit([[1, 2]] as never, { epochs: 1 }),
    'TypeError: fit: data must be made by dataset({ x, y }), got [[1, 2]]',
  ],
  [
    'data with other features',
    () => trainer.fit(with3Features, { epochs: 1 }),
    "RangeError: fit: data has 3 features, the model's input has 2",
  ],
  [
    'validation data with other features',
    () => trainer.fit(classified, { epochs: 1, validation: with3Features }),
    "RangeError: fit: validation has 3 features, the model's input has 2",
  ],
  [
    'a batch larger than the data',
    () => trainer.fit(small, { epochs: 1 }),
    'RangeError: fit: batchSize 4 is larger than the data (3 examples)',
  ],
  [
    'more classes than outputs',
    () => trainer.fit(with4Classes, { epochs: 1 }),
    'RangeError: softmaxCrossEntropy: the data has 4 classes, the model has 3 outputs',
  ],
  [
    'targets for classes',
    () => trainer.evaluate(withTargets),
    'RangeError: softmaxCrossEntropy: targets must be class indices, got numbers; see softTargetCrossEntropy',
  ],
  [
    'evaluate on nothing',
    () => trainer.evaluate(undefined as never),
    'TypeError: evaluate: data must be made by dataset({ x, y }), got undefined',
  ],
  [
    'classes for targets',
    () => regression.evaluate(classified),
    'RangeError: meanSquaredError: targets must be numbers, got class indices',
  ],
  [
    'targets of other columns',
    () => regression.evaluate(dataset({ x, y: targets.subarray(4), features: 2 })),
    'RangeError: meanSquaredError: the model has 2 outputs, the targets have 1 columns',
  ],
  [
    'predict on text',
    () => trainer.predict('x' as never),
    'TypeError: predict: x must be a Float32Array, an array of numbers or an array of rows, got "x"',
  ],
  ['predict on nothing', () => trainer.predict([]), 'RangeError: predict: x is empty'],
  [
    'half a row',
    () => trainer.predict([1, 2, 3]),
    'RangeError: predict: the length of x must be a multiple of features = 2, got 3',
  ],
  ['rows of 3', () => trainer.predict([[1, 2, 3]]), 'RangeError: predict: features is 2, but the rows of x have 3'],
  [
    'NaN to predict',
    () =>
      trainer.predict([
        [0, 1],
        [2, NaN],
      ]),
    'EngineError of kind data: predict: x holds NaN at row 1, column 1',
  ],
  [
    '1e39 to predict',
    () => trainer.predict([1e39, 0]),
    'EngineError of kind data: predict: x holds 1e+39 at row 0, column 0, which is too large for float32',
  ],
])('refused: %s', async (...refusal) => {
  await expectRefused(counting, refusal);
});
