import { createTrainer, dataset, dense, meanSquaredError, sequential } from '../../src/index.js';
import { testRefusals, untouched } from '../errors/refusals.js';
import { countedEngine } from './counting-device.js';
import { MODEL, OPTIONS } from './small-classifier.js';

const x = new Float32Array(8);
const labels = Uint32Array.of(0, 1, 2, 0);
const targets = new Float32Array(8);
const classified = dataset({ x, y: labels, features: 2 });
const with3Features = dataset({ x: new Float32Array(12), y: labels, features: 3 });
const with4Classes = dataset({ x, y: labels, features: 2, classes: 4 });
const named = dataset({ x, labels: ['a', 'b', 'c', 'a'], features: 2 });
const withTargets = dataset({ x, y: targets, features: 2, outputs: 2 });

const { counting, engine } = await countedEngine();
const trainer = await createTrainer(engine, MODEL, OPTIONS);
const regression = await createTrainer(engine, sequential([dense(2)]), { ...OPTIONS, loss: meanSquaredError() });

testRefusals(
  {
    'TypeError: fit: options must be an object, got undefined': () => trainer.fit(classified, undefined as never),
    "TypeError: fit: unknown option 'epoch', did you mean 'epochs'?; known: epochs, validation, shuffle, signal, steps, maxSteps, earlyStopping, schedule, weights, validationWeights":
      () => trainer.fit(classified, { epoch: 1 } as never),
    'RangeError: fit: epochs must be a positive integer, got 0': () => trainer.fit(classified, { epochs: 0 }),
    'TypeError: fit: shuffle must be true or false, got 1': () =>
      trainer.fit(classified, { epochs: 1, shuffle: 1 as never }),
    'TypeError: fit: steps must be true or false, got "all"': () =>
      trainer.fit(classified, { epochs: 1, steps: 'all' as never }),
    'TypeError: fit: signal must be an AbortSignal, got a AbortController': () =>
      trainer.fit(classified, { epochs: 1, signal: new AbortController() as never }),
    'TypeError: fit: data must be made by dataset({ x, y }), got [[1, 2]]': () =>
      trainer.fit([[1, 2]] as never, { epochs: 1 }),
    "RangeError: fit: data has 3 features, the model's input has 2": () => trainer.fit(with3Features, { epochs: 1 }),
    "RangeError: fit: validation has 3 features, the model's input has 2": () =>
      trainer.fit(classified, { epochs: 1, validation: with3Features }),
    'RangeError: softmaxCrossEntropy: the data has 4 classes, the model has 3 outputs': () =>
      trainer.fit(with4Classes, { epochs: 1 }),
    'RangeError: softmaxCrossEntropy: targets must be class indices, got other numbers; dataset({ x, labels }) takes names and codes, and softTargetCrossEntropy shares of classes':
      () => trainer.evaluate(withTargets),
    'TypeError: evaluate: data must be made by dataset({ x, y }), got undefined': () =>
      trainer.evaluate(undefined as never),
    'RangeError: meanSquaredError: targets must be numbers, got class indices': () => regression.evaluate(named),
    'RangeError: fit: class 1 is "b" in data and "c" in validation; make validation with classNames: data.classNames':
      () => trainer.fit(named, { epochs: 1, validation: dataset({ x, labels: ['a', 'c', 'd', 'a'], features: 2 }) }),
    'RangeError: meanSquaredError: the model has 2 outputs, the targets have 1 columns': () =>
      regression.evaluate(dataset({ x, y: targets.subarray(4), features: 2 })),
    'TypeError: predict: x must be a typed array, an array of numbers or an array of rows, got "x"': () =>
      trainer.predict('x' as never),
    'RangeError: predict: x is empty': () => trainer.predict([]),
    'RangeError: predict: the length of x must be a multiple of features = 2, got 3': () => trainer.predict([1, 2, 3]),
    'RangeError: predict: features is 2, but the rows of x have 3': () => trainer.predict([[1, 2, 3]]),
    'EngineError of kind data: predict: x holds NaN at row 1, column 1': () =>
      trainer.predict([
        [0, 1],
        [2, NaN],
      ]),
    'EngineError of kind data: predict: x holds 1e+39 at row 0, column 0, which is too large for float32': () =>
      trainer.predict([1e39, 0]),
  },
  { say: untouched(counting) },
);
