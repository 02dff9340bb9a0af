import { expect, test } from 'vitest';
import { createReferenceEngine, createTrainer, dense, meanSquaredError, sequential } from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from './complaint.js';
import { MODEL, OPTIONS } from './small-classifier.js';

const engine = createReferenceEngine();
const trainer = await createTrainer(engine, MODEL, OPTIONS);

// Each of them beside a rate that would change something.
const set = (changes: object) => trainer.set({ learningRate: 1, ...changes });
const KNOWN = 'known: dropout, l2, learningRate';

testRefusals(
  {
    'TypeError: set: changes must be an object such as { learningRate: 0.01 }, got undefined': () =>
      trainer.set(undefined as never),
    [`RangeError: set: this model has no patience; ${KNOWN}`]: () => set({ patience: 1 }),
    [`RangeError: set: this model has no learningrate, did you mean 'learningRate'?; ${KNOWN}`]: () =>
      set({ learningrate: 1 }),
    [`RangeError: set: this model has no lr, did you mean 'learningRate'?; ${KNOWN}`]: () => set({ lr: 1 }),
    'RangeError: set: dropout must be a number in [0, 1), got 1': () => set({ dropout: 1 }),
    'RangeError: set: dropout[0] must be a number in [0, 1), got -0.5': () => set({ dropout: [-0.5] }),
    'RangeError: set: dropout must have 1 values, one a layer, got [0.1, 0.2]': () => set({ dropout: [0.1, 0.2] }),
    'RangeError: set: l2 must be a number >= 0, got -1': () => set({ l2: -1 }),
    'RangeError: set: l2[1] must be a number >= 0, got NaN': () => set({ l2: [0, NaN] }),
    'TypeError: set: l2 must be a number >= 0, got "1"': () => set({ l2: '1' }),
    'RangeError: set: learningRate must be a number >= 0, got Infinity': () => set({ learningRate: Infinity }),
    [`RangeError: set: this model has no momentum; ${KNOWN}`]: () => set({ momentum: 0.5 }),
    [`RangeError: set: this model has no weightDecay; ${KNOWN}`]: () => set({ weightDecay: 0.5 }),
  },
  {
    say: async (run) => {
      const before = trainer.hyperParameters;
      const said = await complaint(run);
      expect(trainer.hyperParameters).toEqual(before);
      return said;
    },
  },
);

test('set refuses what the model has no layer for', async () => {
  const options = { ...OPTIONS, loss: meanSquaredError(), regularizer: undefined };
  const regression = await createTrainer(engine, sequential([dense(2)]), options);
  expect(await complaint(() => regression.set({ dropout: 0.5 }))).toBe(
    'RangeError: set: this model has no dropout; known: learningRate',
  );
  expect(await complaint(() => regression.set({ l2: 0.5 }))).toBe(
    'RangeError: set: this model has no l2; known: learningRate',
  );
});

test('one value stands for all layers, an array gives each its own, undefined changes nothing', async () => {
  const before = { learningRate: 0.01, 'dense0.l2': 0.1, 'dense1.l2': 0.1, 'dropout0.dropout': 0.5 };
  using own = await createTrainer(engine, MODEL, OPTIONS);
  expect(own.hyperParameters).toEqual(before);
  expect(own.set({ l2: 0.3, learningRate: undefined })).toBe(0);
  expect(own.hyperParameters).toEqual({ ...before, 'dense0.l2': 0.3, 'dense1.l2': 0.3 });
  own.set({ l2: [0, 0.2], 'dropout0.dropout': 0 });
  expect(own.hyperParameters).toEqual({ ...before, 'dense0.l2': 0, 'dense1.l2': 0.2, 'dropout0.dropout': 0 });
  expect(Reflect.set(own.hyperParameters, 'dense0.l2', 7) && own.hyperParameters['dense0.l2']).toBe(0);
});
