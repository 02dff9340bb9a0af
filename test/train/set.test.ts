import { expect, test } from 'vitest';
import { createReferenceEngine, createTrainer, dense, meanSquaredError, sequential } from '../../src/index.js';
import { complaint } from './complaint.js';
import { MODEL, OPTIONS } from './refusals.js';

const engine = createReferenceEngine();
const trainer = await createTrainer(engine, MODEL, OPTIONS);

test.each<[what: string, changes: object, message: string]>([
  ['nothing', undefined as never, 'TypeError: set: options must be an object, got undefined'],
  [
    'an unknown name',
    { patience: 1 },
    "TypeError: set: unknown option 'patience'; known: l2, dropout, learningRate, momentum, weightDecay, beta1, beta2, epsilon, slope, warmupSteps, decaySteps, every, gamma, floor",
  ],
  [
    'a near name',
    { learningrate: 1 },
    "TypeError: set: unknown option 'learningrate', did you mean 'learningRate'?; known: l2, dropout, learningRate, momentum, weightDecay, beta1, beta2, epsilon, slope, warmupSteps, decaySteps, every, gamma, floor",
  ],
  ['p = 1', { dropout: 1 }, 'RangeError: set: dropout must be a number in [0, 1), got 1'],
  ['p < 0', { dropout: [-0.5] }, 'RangeError: set: dropout[0] must be a number in [0, 1), got -0.5'],
  [
    'two rates for one layer',
    { dropout: [0.1, 0.2] },
    'RangeError: set: dropout must have 1 values, one a layer, got [0.1, 0.2]',
  ],
  ['negative λ', { l2: -1 }, 'RangeError: set: l2 must be a number >= 0, got -1'],
  ['NaN as λ', { l2: [0, NaN] }, 'RangeError: set: l2[1] must be a number >= 0, got NaN'],
  ['text as λ', { l2: '1' }, 'TypeError: set: l2 must be a number >= 0, got "1"'],
  ['an infinite rate', { learningRate: Infinity }, 'RangeError: set: learningRate must be a number >= 0, got Infinity'],
  ['a momentum there is not', { momentum: 0.5 }, 'RangeError: set: this model has no momentum'],
  ['a decay there is not', { weightDecay: 0.5 }, 'RangeError: set: this model has no weightDecay'],
])('set refuses %s and changes nothing', async (_, changes, message) => {
  const before = trainer.hyperParameters;
  expect(await complaint(() => trainer.set(changes && { learningRate: 1, ...changes }))).toBe(message);
  expect(trainer.hyperParameters).toEqual(before);
});

test('set refuses what the model has no layer for', async () => {
  const options = { ...OPTIONS, loss: meanSquaredError(), regularizer: undefined };
  const regression = await createTrainer(engine, sequential([dense(2)]), options);
  expect(await complaint(() => regression.set({ dropout: 0.5 }))).toBe('RangeError: set: this model has no dropout');
  expect(await complaint(() => regression.set({ l2: 0.5 }))).toBe('RangeError: set: this model has no l2');
});

test('one value stands for all layers, an array gives each its own, undefined changes nothing', async () => {
  const before = { learningRate: 0.01, 'l2.0': 0.1, 'l2.1': 0.1, 'dropout.0': 0.5 };
  using own = await createTrainer(engine, MODEL, OPTIONS);
  expect(own.hyperParameters).toEqual(before);
  expect(own.set({ l2: 0.3, learningRate: undefined })).toBe(0);
  expect(own.hyperParameters).toEqual({ ...before, 'l2.0': 0.3, 'l2.1': 0.3 });
  own.set({ l2: [0, 0.2], dropout: 0 });
  expect(own.hyperParameters).toEqual({ ...before, 'l2.0': 0, 'l2.1': 0.2, 'dropout.0': 0 });
  expect(Reflect.set(own.hyperParameters, 'l2.0', 7) && own.hyperParameters['l2.0']).toBe(0);
});
