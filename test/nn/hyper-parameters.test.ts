import { expect, test } from 'vitest';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  type Layer,
  l2,
  meanSquaredError,
  sequential,
  sgd,
} from '../../src/index.js';
import { zeros } from '../../src/nn/initializers.js';
import { add } from '../../src/ops/index.js';
import { complaint } from '../train/complaint.js';

/** A layer of a stranger's: x + w with a parameter of its own, which is penalised. */
const shift = (hyper = 'strength', start = 0.5): Layer => ({
  kind: 'shift',
  options: {},
  apply(x, context) {
    const layer = context.layerName('shift');
    context.hyper(`${layer}.${hyper}`, start, { min: 0, max: 2 });
    const own = { rows: 1, cols: x.cols, layer, decays: true, penalised: true, initializer: zeros() };
    return add(x, context.parameter(`${layer}.w`, own));
  },
});

const options = { input: [2], batchSize: 2, loss: meanSquaredError(), optimizer: sgd(), regularizer: l2(0.1) };
const open = (layers: Layer[]) => createTrainer(createReferenceEngine(), sequential(layers), options);

test('hyper-parameters belong to their layer, whatever the digits in its name', async () => {
  using trainer = await open([dense(2), shift()]);
  const before = { 'shift0.strength': 0.5, 'dense0.l2': 0.1, 'shift0.l2': 0.1, learningRate: 0.01 };
  expect(trainer.hyperParameters).toEqual(before);
  trainer.set({ 'shift0.l2': 0.3 });
  expect(trainer.hyperParameters).toEqual({ ...before, 'shift0.l2': 0.3 });
  const twice = { x: Float32Array.of(1, 2, 3, 4), y: new Float32Array(4) };
  trainer.step(twice);
  const [w, , own] = await trainer.weights();
  const squares = (data: Float32Array) => data.reduce((sum, value) => sum + value ** 2, 0);
  const penalty = 0.05 * squares(w.data) + 0.15 * squares(own.data);
  expect((await trainer.metrics()).penalty).toBeCloseTo(penalty, 6);
});

test('the range that a part declares is that of set', async () => {
  using trainer = await open([dense(2), shift()]);
  expect(await complaint(() => trainer.set({ 'shift0.strength': 3 }))).toBe(
    'RangeError: set: shift0.strength must be a number in [0, 2], got 3',
  );
});

test.each([
  [[shift(), shift('strength', 3)], 'RangeError: hyper: shift1.strength must be a number in [0, 2], got 3'],
  [[shift('a b')], 'Error: hyper: the name must be NAME or LAYER.NAME, got "shift0.a b"'],
  [[shift('a.b')], 'Error: hyper: the name must be NAME or LAYER.NAME, got "shift0.a.b"'],
])('a declaration that is wrong is refused', async (layers, message) => {
  expect(await complaint(() => open([...layers]))).toBe(message);
});

test('one name cannot start with two values', async () => {
  const [first, second] = [1, 2].map(
    (start): Layer => ({
      kind: 'named',
      options: {},
      apply(x, context) {
        context.hyper('common', start, {});
        return x;
      },
    }),
  );
  expect(await complaint(() => open([first, dense(2), second]))).toBe(
    'Error: hyper: common starts with 1, and now with 2',
  );
});
