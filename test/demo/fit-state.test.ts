import { expect, test } from 'vitest';
import { configOf, OPTIMIZERS } from '../../demo/contract/state.js';
import { fitState } from '../../demo/worker/fit-state.js';
import { stateFromConfig } from '../../demo/worker/state-from-config.js';
import { trainingFromConfig } from '../../src/index.js';
import { stateOf } from './some-state.js';

const room = { examples: 6000, units: 512, batch: 1024 };
const knobs = { l2: 0.01, dropout: [0.1, 0.2], learningRate: 0.01 };
const state = stateOf([64, 16], knobs);
const withRates = (...dropout: number[]) => ({ id: 7, ...knobs, dropout });

test('what fits is the same object', () => {
  expect(fitState(state, room)).toBe(state);
});

test.each([
  { given: { batch: 500 }, fitted: { batch: 100 } },
  { given: { examples: 6000 }, fitted: { examples: 2000 } },
  { given: { selected: 3 }, fitted: { selected: 0 } },
  { given: { runs: [withRates(0.1)] }, fitted: { runs: [withRates(0.1, 0.1)] } },
  { given: { runs: [withRates(0, 0.2, 0.3)] }, fitted: { runs: [withRates(0, 0.2)] } },
])('$given becomes $fitted', ({ given, fitted }) => {
  expect(fitState({ ...state, ...given }, room)).toEqual({ ...state, ...given, ...fitted });
});

test('on the CPU everything is smaller', () => {
  const small = { examples: 50, units: 32, batch: 32 };
  expect(fitState(state, small)).toEqual({ ...state, examples: 50, batch: 32, hidden: [32, 16] });
});

test.each(OPTIMIZERS)('a configuration with %s says what it was made of', (optimizer) => {
  const config = configOf({ ...state, optimizer }, knobs, { features: 2, outputs: 2, classes: true });
  const { hidden, activation, batch } = state;
  expect(stateFromConfig(config)).toEqual({ hidden, activation, optimizer, batch, knobs });
});

test('a configuration with other parts says what it was made of', () => {
  const parts = { l1: true, gaussian: true, maxNorm: 2 } as const;
  const own = { ...knobs, l1: 0.1 };
  const made = configOf({ ...state, parts }, own, { features: 2, outputs: 2, classes: true });
  expect(trainingFromConfig(made).options.constraint?.kind).toBe('maxNorm');
  expect(stateFromConfig(made)).toMatchObject({ parts, knobs: own });
});

const config = configOf(state, knobs, { features: 2, outputs: 2, classes: true });

test.each([
  [{ layers: [config.layers[0], { kind: 'sigmoid' }, ...config.layers.slice(2)] }, 'the hidden layers must'],
  [{ layers: config.layers.slice(-1) }, 'the hidden layers must all be one of relu, tanh, gelu'],
  [
    { optimizer: { kind: 'adam', learningRate: { kind: 'cosineDecay' } } },
    'learningRate must be a number in [0.00001, 10]',
  ],
  [{ optimizer: { kind: 'sgd', learningRate: 1, momentum: 0.5 } }, 'the optimizer must be sgd, without momentum'],
  [{ regularizer: { kind: 'groupLasso', strength: 1 } }, 'the penalty must be L2, or L1 by its proximal step, or both'],
  [{ regularizer: { kind: 'l1', strength: 1 } }, 'the penalty must be L2, or L1 by its proximal step, or both'],
  [{ constraint: { kind: 'unitNorm' } }, 'the constraint must be maxNorm'],
  [
    { layers: config.layers.map((layer, i) => (i === 2 ? { kind: 'gaussianDropout', p: 0.1 } : layer)) },
    'dropout must be of one kind in all layers',
  ],
  [{ batchSize: 5000 }, 'batch must be a number in [1, 1024], got 5000'],
])('%j is refused', (changes, message) => {
  expect(() => stateFromConfig({ ...config, ...changes })).toThrow(message);
});
