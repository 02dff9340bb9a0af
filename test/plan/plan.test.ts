import { describe, expect, test } from 'vitest';
import { relu } from '../../src/nn/activations.js';
import { clipByGlobalNorm, clipByValue } from '../../src/nn/clip.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { binaryCrossEntropy, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { mixup } from '../../src/nn/mixup.js';
import { adam, adamw, type Optimizer, sgd } from '../../src/nn/optimizers.js';
import { batchMean, matmul, relu as reluOf, sumCols } from '../../src/ops/index.js';
import { state, words } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { Layout } from '../../src/plan/layout.js';
import { layers, type Network, traceNetwork } from '../steps/networks.js';
import { type PlanOptions, plan } from './plan-step.js';

const half = () => dropout(0.5);
const deep: Network = {
  layers: layers([61, 30, 10], relu, half),
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  regularizer: l2(1e-3),
  rows: 37,
  cols: 83,
};

const planned = (network: Network, options?: PlanOptions) => plan(traceNetwork(network).step, new Layout(), options);
const titles = (network: Network, options?: PlanOptions) =>
  planned(network, options).dispatches.map(({ title }) => title);

describe('three layers of at most 32 classes are 8 dispatches', () => {
  test.each<[string, Optimizer]>([
    ['SGD', sgd()],
    ['momentum', sgd({ momentum: 0.9 })],
    ['Nesterov', sgd({ momentum: 0.9, nesterov: true })],
    ['SGDW', sgd({ momentum: 0.9, weightDecay: 0.01 })],
    ['Adam', adam()],
    ['AdamW', adamw()],
  ])('with %s', (_, optimizer) => {
    expect(planned({ ...deep, optimizer }).dispatches).toHaveLength(8);
    expect(planned({ ...deep, optimizer, layers: layers([61, 30, 32], relu, half) }).dispatches).toHaveLength(8);
    expect(planned({ ...deep, optimizer, layers: layers([61, 30, 33], relu, half) }).dispatches).toHaveLength(9);
    expect(planned({ ...deep, optimizer, layers: [dropout(0.1), ...deep.layers] }).dispatches).toHaveLength(9);
  });
});

test('a step whose updates wait for all gradients is split, and only where they do', () => {
  const of = (optimizer: Optimizer) => titles({ ...deep, layers: layers([9, 5], relu), optimizer });
  expect(of(clipByGlobalNorm(sgd(), 1))).toMatchInlineSnapshot(`
    [
      "matmul-nn direct + bias relu",
      "head direct",
      "matmul-nt direct + reluGradient",
      "matmul-tn-sums direct + add multiply multiply",
      "matmul-tn-sums direct + add multiply multiply",
      "sum-all direct",
      "sum-all direct + add",
      "sum-all direct + add",
      "sum-all direct + add squareRoot maximum divide",
      "map direct + multiply descend",
      "map direct + multiply descend",
      "map direct + multiply descend",
      "map direct + multiply descend",
    ]
  `);
  expect(of(clipByValue(sgd(), 1))).toEqual(
    of(sgd()).map((title) => title.replaceAll('descend', 'minimum maximum descend')),
  );
});

describe('the plan refuses', () => {
  const trace = new Trace();
  const [a, b, c] = [state(trace, 'a', 3, 4), state(trace, 'b', 5, 3), state(trace, 'c', 3, 4)];
  const both = matmul(a, b, { transposeA: true, transposeB: true });
  const mean = batchMean(sumCols(c), words(trace, 'batch', 2));
  const product = matmul(a, c, { transposeB: true });
  const nothing = { updates: [], metrics: [], outputs: [] };

  test.each([
    [
      'an op without a kernel',
      { ...nothing, outputs: [both] },
      'plan: no kernel computes matmul transposeA=true transposeB=true of a and b',
    ],
    [
      'an op without a kernel in the middle of a graph',
      { ...nothing, metrics: [reluOf(mean)] },
      'plan: no kernel computes batchMean of [3, 1] and batch',
    ],
    [
      'a new value that nothing computes',
      { ...nothing, updates: [{ state: a, value: c }] },
      'plan: the new value of a is computed by no kernel',
    ],
  ])('%s', (_, step, message) => {
    expect(() => plan(step, new Layout())).toThrow(new Error(message));
  });

  test('a kernel whose own operands are too many for the device', () => {
    const step = { ...nothing, outputs: [product] };
    expect(plan(step, new Layout(), { maxStorageBuffers: 4 }).dispatches).toHaveLength(1);
    expect(() => plan(step, new Layout(), { maxStorageBuffers: 3 })).toThrow(
      new Error('plan: matmul-nt thin binds 4 storage buffers, the device allows 3'),
    );
  });
});

test('riders leave a dispatch until its buffers are few enough for the device', () => {
  const network = { ...deep, layers: layers([9, 5], relu), loss: binaryCrossEntropy(), optimizer: adam() };
  for (const maxStorageBuffers of [5, 6, 7, 8]) {
    const { dispatches } = planned(network, { maxStorageBuffers });
    expect(Math.max(...dispatches.map(({ bindings }) => bindings.length + 1))).toBeLessThanOrEqual(maxStorageBuffers);
  }
  expect(titles(network, { maxStorageBuffers: 8 })).toEqual(titles(network, { maxStorageBuffers: 7 }));
  expect(titles(network, { maxStorageBuffers: 6 })).toMatchInlineSnapshot(`
    [
      "matmul-nn direct + bias relu",
      "matmul-nn direct + bias binaryCrossEntropy",
      "map direct + binaryCrossEntropyGradient",
      "map direct + binaryCorrect",
      "tile-sums direct",
      "tile-sums direct",
      "matmul-nt direct + reluGradient",
      "matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend",
      "matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend",
    ]
  `);
});

test('a kernel of several ops gives way to smaller ones where its own operands are too many', () => {
  const network = { ...deep, augmentation: mixup(0.2) };
  const { model, x, targets } = traceNetwork(network);
  const step = model.step({ x, y: targets, weights: model.input('weights', network.rows, 1) });
  const heads = (maxStorageBuffers: number) => {
    const { dispatches } = plan(step, new Layout(), { maxStorageBuffers, watch: true });
    expect(Math.max(...dispatches.map(({ bindings }) => bindings.length + 1))).toBeLessThanOrEqual(maxStorageBuffers);
    return dispatches.filter(({ kernel }) => kernel.name === 'weighted-head').length;
  };
  expect([heads(8), heads(10)]).toEqual([0, 2]);
});
