import { describe, expect, test } from 'vitest';
import { relu } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam, sgd } from '../../src/nn/optimizers.js';
import { add, descend, matmul, multiply, relu as reluOf, subtract, sumAll, sumRows } from '../../src/ops/index.js';
import { input, state } from '../../src/ops/leaves.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { Layout } from '../../src/plan/layout.js';
import type { Plan } from '../../src/plan/plan.js';
import { printPlan } from '../../src/plan/print-plan.js';
import { layers, type Network, traceNetwork } from '../steps/networks.js';
import { type PlanOptions, plan } from './plan-step.js';

const half = () => dropout(0.5);
const deep: Network = {
  layers: layers([61, 30, 10], relu, half),
  loss: softmaxCrossEntropy(),
  optimizer: sgd({ momentum: 0.9 }),
  regularizer: l2(1e-3),
  rows: 37,
  cols: 83,
};

const planned = (network: Network, options?: PlanOptions) => plan(traceNetwork(network).step, new Layout(), options);
const printed = (network: Network) => printPlan(planned(network));
/** The lines of the dispatches, without those of the memory, which the first plans show. */
const dispatchesOf = (of: Plan) => printPlan(of).split('\n\n')[0];

/** A step that only changes states. */
const updating = (...updates: [state: Tensor, value: Tensor][]) => ({
  updates: updates.map(([state, value]) => ({ state, value })),
  metrics: [],
  outputs: [],
});

describe('the plan of', () => {
  test('784-128-10 with dropout, L2 and Adam', () => {
    const network: Network = {
      ...deep,
      layers: layers([128, 10], relu, half),
      optimizer: adam(),
      rows: 64,
      cols: 784,
    };
    expect(printed(network)).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias relu dropout | 4x2 | reads x dense0.w dense0.b | writes dropout%0
      1 head direct | 1x1 | reads dropout%0 dense1.w dense1.b labels | writes softmaxCrossEntropyGradient%1 tileSums%2 tileSums%3
      2 matmul-nt direct + reluDropoutGradient | 8x2 | reads softmaxCrossEntropyGradient%1 dense1.w dropout%0 | writes reluDropoutGradient%4
      3 matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend | 1x5 | reads dropout%0 softmaxCrossEntropyGradient%1 dense1.w dense1.w.average dense1.w.averageSquare dense1.b.average dense1.b.averageSquare dense1.b | writes dense1.w.average' dense1.w.averageSquare' dense1.w' dense1.b.average' dense1.b.averageSquare' dense1.b'
      4 matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend | 4x25 | reads x reluDropoutGradient%4 dense0.w dense0.w.average dense0.w.averageSquare dense0.b.average dense0.b.averageSquare dense0.b | writes dense0.w.average' dense0.w.averageSquare' dense0.w' dense0.b.average' dense0.b.averageSquare' dense0.b'

      x                              input       shared  f32 [64, 784]   200704 bytes
      dense0.w                       state       own     f32 [785, 128]  401920 bytes
      dense1.w                       state       own     f32 [129, 12]   6192 bytes
      labels                         input       shared  u32 [64, 1]     256 bytes
      dense0.w.average               state       own     f32 [785, 128]  401920 bytes
      dense0.w.averageSquare         state       own     f32 [785, 128]  401920 bytes
      dense1.w.average               state       own     f32 [129, 12]   6192 bytes
      dense1.w.averageSquare         state       own     f32 [129, 12]   6192 bytes
      dropout%0                      activation  own     f32 [64, 128]   32768 bytes
      softmaxCrossEntropyGradient%1  activation  own     f32 [64, 12]    3072 bytes
      ring                           ring        own     f32 [2, 4]      32 bytes
      reluDropoutGradient%4          activation  own     f32 [64, 128]   32768 bytes"
    `);
  });

  test('three layers with momentum', () => {
    expect(printed(deep)).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias relu dropout | 2x2 | reads x dense0.w dense0.b | writes dropout%0
      1 matmul-nn direct + bias relu dropout | 1x2 | reads dropout%0 dense1.w dense1.b | writes dropout%1
      2 head direct | 1x1 | reads dropout%1 dense2.w dense2.b labels | writes softmaxCrossEntropyGradient%2 tileSums%3 tileSums%4
      3 matmul-nt direct + reluDropoutGradient | 2x2 | reads softmaxCrossEntropyGradient%2 dense2.w dropout%1 | writes reluDropoutGradient%5
      4 matmul-tn-sums direct + add velocity descend velocity descend | 1x2 | reads dropout%1 softmaxCrossEntropyGradient%2 dense2.w dense2.w.velocity dense2.b.velocity dense2.b | writes dense2.w.velocity' dense2.w' dense2.b.velocity' dense2.b'
      5 matmul-nt direct + reluDropoutGradient | 4x2 | reads reluDropoutGradient%5 dense1.w dropout%0 | writes reluDropoutGradient%6
      6 matmul-tn-sums direct + add velocity descend velocity descend | 1x3 | reads dropout%0 reluDropoutGradient%5 dense1.w dense1.w.velocity dense1.b.velocity dense1.b | writes dense1.w.velocity' dense1.w' dense1.b.velocity' dense1.b'
      7 matmul-tn-sums direct + add velocity descend velocity descend | 2x3 | reads x reluDropoutGradient%6 dense0.w dense0.w.velocity dense0.b.velocity dense0.b | writes dense0.w.velocity' dense0.w' dense0.b.velocity' dense0.b'

      x                              input       shared  f32 [37, 84]  12432 bytes
      dense0.w                       state       own     f32 [84, 64]  21504 bytes
      dense1.w                       state       own     f32 [62, 32]  7936 bytes
      dense2.w                       state       own     f32 [31, 12]  1488 bytes
      labels                         input       shared  u32 [37, 1]   148 bytes
      dense0.w.velocity              state       own     f32 [84, 64]  21504 bytes
      dense1.w.velocity              state       own     f32 [62, 32]  7936 bytes
      dense2.w.velocity              state       own     f32 [31, 12]  1488 bytes
      dropout%0                      activation  own     f32 [37, 64]  9472 bytes
      dropout%1                      activation  own     f32 [37, 32]  4736 bytes
      softmaxCrossEntropyGradient%2  activation  own     f32 [37, 12]  1776 bytes
      ring                           ring        own     f32 [2, 4]    32 bytes
      reluDropoutGradient%5          activation  own     f32 [37, 32]  4736 bytes
      reluDropoutGradient%6          activation  own     f32 [37, 64]  9472 bytes"
    `);
  });

  test('two layers with momentum, nothing riding', () => {
    expect(
      dispatchesOf(planned({ ...deep, layers: layers([9, 5], relu, half) }, { ride: false })),
    ).toMatchInlineSnapshot(`
      "0 map direct + multiply | 4x1 | reads dense0.w | writes multiply%0
      1 map direct + multiply | 1x1 | reads dense1.w | writes multiply%1
      2 map direct + expand | 1x1 | reads nothing | writes expand%2
      3 map direct + perExample | 1x1 | reads expand%2 | writes perExample%3
      4 matmul-nn direct | 1x2 | reads x dense0.w | writes matmul%4
      5 map direct + bias | 2x1 | reads matmul%4 dense0.b | writes bias%5
      6 map direct + relu | 2x1 | reads bias%5 | writes relu%6
      7 map direct + dropout | 2x1 | reads relu%6 | writes dropout%7
      8 matmul-nn direct | 1x2 | reads dropout%7 dense1.w | writes matmul%8
      9 map direct + bias | 2x1 | reads matmul%8 dense1.b | writes bias%9
      10 softmax-cross-entropy direct | 1x1 | reads bias%9 labels perExample%3 | writes softmaxCrossEntropyGradient%10 tileSums%11 tileSums%12
      11 sum-rows direct | 1x1 | reads softmaxCrossEntropyGradient%10 | writes sumRows%13
      12 map direct + velocity | 1x1 | reads dense1.b.velocity sumRows%13 | writes dense1.b.velocity'
      13 map direct + descend | 1x1 | reads dense1.b velocity%21 | writes dense1.b'
      14 matmul-nt direct | 1x2 | reads softmaxCrossEntropyGradient%10 dense1.w | writes matmul%14
      15 map direct + reluDropoutGradient | 2x1 | reads matmul%14 dropout%7 | writes reluDropoutGradient%15
      16 matmul-tn direct | 1x1 | reads dropout%7 softmaxCrossEntropyGradient%10 | writes matmul%16
      17 map direct + add | 1x1 | reads multiply%1 matmul%16 | writes add%17
      18 map direct + velocity | 1x1 | reads dense1.w.velocity add%17 | writes dense1.w.velocity'
      19 map direct + descend | 1x1 | reads dense1.w velocity%22 | writes dense1.w'
      20 sum-rows direct | 1x1 | reads reluDropoutGradient%15 | writes sumRows%18
      21 map direct + velocity | 1x1 | reads dense0.b.velocity sumRows%18 | writes dense0.b.velocity'
      22 map direct + descend | 1x1 | reads dense0.b velocity%23 | writes dense0.b'
      23 matmul-tn direct | 1x3 | reads x reluDropoutGradient%15 | writes matmul%19
      24 map direct + add | 4x1 | reads multiply%0 matmul%19 | writes add%20
      25 map direct + velocity | 4x1 | reads dense0.w.velocity add%20 | writes dense0.w.velocity'
      26 map direct + descend | 4x1 | reads dense0.w velocity%24 | writes dense0.w'"
    `);
  });

  test('a ridge regression', () => {
    const network: Network = {
      layers: [dense(1)],
      loss: meanSquaredError(),
      optimizer: sgd(),
      regularizer: l2(1),
      rows: 50,
      cols: 7,
    };
    expect(printed(network)).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias squaredError squaredErrorGradient | 1x2 | reads x dense0.w dense0.b targets | writes squaredError%0 squaredErrorGradient%1
      1 matmul-tn-sums direct + add descend descend | 1x1 | reads x squaredErrorGradient%1 dense0.w dense0.b | writes dense0.w' dense0.b'
      2 tile-sums direct | 1x1 | reads squaredError%0 | writes tileSums%2

      x                       input       shared  f32 [50, 8]  1600 bytes
      dense0.w                state       own     f32 [8, 4]   128 bytes
      targets                 input       shared  f32 [50, 4]  800 bytes
      squaredError%0          activation  own     f32 [50, 4]  800 bytes
      squaredErrorGradient%1  activation  own     f32 [50, 4]  800 bytes
      ring                    ring        own     f32 [1, 4]   16 bytes"
    `);
  });

  test('binary cross-entropy', () => {
    const network: Network = { ...deep, layers: layers([9, 3], relu), loss: binaryCrossEntropy(), optimizer: sgd() };
    expect(dispatchesOf(planned(network))).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias relu | 1x2 | reads x dense0.w dense0.b | writes relu%0
      1 matmul-nn direct + bias binaryCrossEntropy binaryCorrect binaryCrossEntropyGradient | 1x2 | reads relu%0 dense1.w dense1.b targets | writes binaryCrossEntropy%1 binaryCorrect%2 binaryCrossEntropyGradient%3
      2 tile-sums direct | 1x1 | reads binaryCrossEntropy%1 | writes tileSums%4
      3 tile-sums direct | 1x1 | reads binaryCorrect%2 | writes tileSums%5
      4 matmul-nt direct + reluGradient | 1x2 | reads binaryCrossEntropyGradient%3 dense1.w relu%0 | writes reluGradient%6
      5 matmul-tn-sums direct + add descend descend | 1x1 | reads relu%0 binaryCrossEntropyGradient%3 dense1.w dense1.b | writes dense1.w' dense1.b'
      6 matmul-tn-sums direct + add descend descend | 1x3 | reads x reluGradient%6 dense0.w dense0.b | writes dense0.w' dense0.b'"
    `);
  });

  test('a batch from a data set of bytes', () => {
    const { model, x, targets } = traceNetwork(deep);
    const data = { x: model.input('data.x', 1000, 83, 'u8'), y: model.input('data.y', 1000, 1, 'u32') };
    const order = model.input('data.order', 1000, 1, 'u32');
    const step = model.gather({ ...data, order, scale: 1 / 255, offset: -0.5 }, { x, y: targets });
    expect(printPlan(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 gather-labelled direct + multiply add | 1x37 | reads data.x data.y data.order | writes labels' x'

      data.x      input  shared  u8 [1000, 84]  84000 bytes
      data.y      input  shared  u32 [1000, 1]  4000 bytes
      data.order  input  shared  u32 [1000, 1]  4000 bytes
      labels      input  shared  u32 [37, 1]    148 bytes
      x           input  shared  f32 [37, 84]   12432 bytes"
    `);
  });

  test('weights used twice, whose new value is made while they are still read', () => {
    const trace = new Trace();
    const [x, w] = [input(trace, 'x', 8, 6), state(trace, 'w', 6, 6)];
    const y = matmul(reluOf(matmul(x, w)), w);
    const step = updating([w, subtract(matmul(w, matmul(x, y, { transposeA: true })), w)]);
    expect(dispatchesOf(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-nn direct + relu | 1x1 | reads x w | writes relu%0
      1 matmul-nn direct | 1x1 | reads relu%0 w | writes matmul%1
      2 matmul-tn direct | 1x1 | reads x matmul%1 | writes matmul%2
      3 matmul-nn direct + subtract | 1x1 | reads w matmul%2 | writes subtract%3
      4 map direct + expand | 1x1 | reads subtract%3 | writes w'"
    `);
  });

  test('a row whose old value is drawn into the other epilogue of the dispatch that makes the new one', () => {
    const trace = new Trace();
    const [x, dy] = [input(trace, 'x', 8, 6), input(trace, 'dy', 8, 4)];
    const [w, r] = [state(trace, 'w', 6, 4), state(trace, 'r', 1, 4)];
    const step = updating([w, add(matmul(x, dy, { transposeA: true }), multiply(w, r))], [r, add(r, sumRows(dy))]);
    expect(dispatchesOf(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-tn-sums direct + add add | 1x1 | reads x dy r w | writes add%0 w'
      1 map direct + expand | 1x1 | reads add%0 | writes r'"
    `);
  });

  test('gradients that are scaled by a sum over all of them', () => {
    const trace = new Trace();
    const [x, dy, z] = [input(trace, 'x', 8, 6), input(trace, 'dy', 8, 4), input(trace, 'z', 8, 5)];
    const [v, w] = [state(trace, 'v', 6, 4), state(trace, 'w', 5, 4)];
    const [dv, dw] = [matmul(x, dy, { transposeA: true }), matmul(z, dy, { transposeA: true })];
    const norm = add(sumAll(multiply(dv, dv)), sumAll(multiply(dw, dw)));
    const step = updating([v, descend(v, dv, norm)], [w, descend(w, dw, norm)]);
    expect(dispatchesOf(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-tn direct + multiply | 1x1 | reads x dy | writes matmul%0 multiply%1
      1 matmul-tn direct + multiply | 1x1 | reads z dy | writes matmul%2 multiply%3
      2 sum-all direct | 1x1 | reads multiply%1 | writes sumAll%4
      3 sum-all direct + add | 1x1 | reads multiply%3 sumAll%4 | writes add%5
      4 map direct + descend | 1x1 | reads w matmul%2 add%5 | writes w'
      5 map direct + descend | 1x1 | reads v matmul%0 add%5 | writes v'"
    `);
  });
});
