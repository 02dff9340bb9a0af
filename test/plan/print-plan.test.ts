import { describe, expect, test } from 'vitest';
import { relu } from '../../src/nn/activations.js';
import { adam } from '../../src/nn/adam.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/sgd.js';
import { add, descend, matmul, multiply, relu as reluOf, subtract, sumAll, sumRows } from '../../src/ops/index.js';
import { input, state } from '../../src/ops/leaves.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { Layout } from '../../src/plan/layout.js';
import { type PlanOptions, plan } from '../../src/plan/plan.js';
import { printPlan } from '../../src/plan/print-plan.js';
import { layers, type Network, traceNetwork } from '../steps/networks.js';

const half = () => dropout(0.5);
const deep: Network = {
  layers: layers([61, 30, 10], relu, half),
  loss: softmaxCrossEntropy(),
  optimizer: sgd({ momentum: 0.9 }),
  regularizer: l2(1e-3),
  rows: 37,
  cols: 83,
};

const printed = (network: Network, options?: PlanOptions) =>
  printPlan(plan(traceNetwork(network).step, new Layout(), options));

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
      "0 matmul-nn direct + bias relu dropout | 4x2 | reads x dense0.w dense0.b | writes dropout%8
      1 head direct | 1x1 | reads dropout%8 dense1.w dense1.b labels | writes softmaxCrossEntropyGradient%30 tileSums%15 tileSums%17
      2 matmul-nt direct + gate | 8x2 | reads softmaxCrossEntropyGradient%30 dense1.w dropout%8 | writes gate%72
      3 matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend | 1x5 | reads dropout%8 softmaxCrossEntropyGradient%30 dense1.w dense1.w.average dense1.w.averageSquare dense1.b.average dense1.b.averageSquare dense1.b | writes dense1.w.average' dense1.w.averageSquare' dense1.w' dense1.b.average' dense1.b.averageSquare' dense1.b'
      4 matmul-tn-sums direct + add average averageSquare adamDirection descend average averageSquare adamDirection descend | 4x25 | reads x gate%72 dense0.w dense0.w.average dense0.w.averageSquare dense0.b.average dense0.b.averageSquare dense0.b | writes dense0.w.average' dense0.w.averageSquare' dense0.w' dense0.b.average' dense0.b.averageSquare' dense0.b'

      x                               input       shared  f32 [64, 784]   200704 bytes
      dense0.w                        state       own     f32 [785, 128]  401920 bytes
      dense1.w                        state       own     f32 [129, 12]   6192 bytes
      labels                          input       shared  u32 [64, 1]     256 bytes
      dense0.w.average                state       own     f32 [785, 128]  401920 bytes
      dense0.w.averageSquare          state       own     f32 [785, 128]  401920 bytes
      dense1.w.average                state       own     f32 [129, 12]   6192 bytes
      dense1.w.averageSquare          state       own     f32 [129, 12]   6192 bytes
      softmaxCrossEntropyGradient%30  activation  own     f32 [64, 12]    3072 bytes
      ring                            ring        own     f32 [2, 4]      32 bytes
      dropout%8                       activation  own     f32 [64, 128]   32768 bytes
      gate%72                         activation  own     f32 [64, 128]   32768 bytes"
    `);
  });

  test('three layers with momentum', () => {
    expect(printed(deep)).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias relu dropout | 2x2 | reads x dense0.w dense0.b | writes dropout%8
      1 matmul-nn direct + bias relu dropout | 1x2 | reads dropout%8 dense1.w dense1.b | writes dropout%15
      2 head direct | 1x1 | reads dropout%15 dense2.w dense2.b labels | writes softmaxCrossEntropyGradient%41 tileSums%22 tileSums%24
      3 matmul-nt direct + gate | 2x2 | reads softmaxCrossEntropyGradient%41 dense2.w dropout%15 | writes gate%78
      4 matmul-tn-sums direct + add velocity descend velocity descend | 1x2 | reads dropout%15 softmaxCrossEntropyGradient%41 dense2.w dense2.w.velocity dense2.b.velocity dense2.b | writes dense2.w.velocity' dense2.w' dense2.b.velocity' dense2.b'
      5 matmul-nt direct + gate | 4x2 | reads gate%78 dense1.w dropout%8 | writes gate%85
      6 matmul-tn-sums direct + add velocity descend velocity descend | 1x3 | reads dropout%8 gate%78 dense1.w dense1.w.velocity dense1.b.velocity dense1.b | writes dense1.w.velocity' dense1.w' dense1.b.velocity' dense1.b'
      7 matmul-tn-sums direct + add velocity descend velocity descend | 2x3 | reads x gate%85 dense0.w dense0.w.velocity dense0.b.velocity dense0.b | writes dense0.w.velocity' dense0.w' dense0.b.velocity' dense0.b'

      x                               input       shared  f32 [37, 84]  12432 bytes
      dense0.w                        state       own     f32 [84, 64]  21504 bytes
      dense1.w                        state       own     f32 [62, 32]  7936 bytes
      dense2.w                        state       own     f32 [31, 12]  1488 bytes
      labels                          input       shared  u32 [37, 1]   148 bytes
      dense0.w.velocity               state       own     f32 [84, 64]  21504 bytes
      dense1.w.velocity               state       own     f32 [62, 32]  7936 bytes
      dense2.w.velocity               state       own     f32 [31, 12]  1488 bytes
      softmaxCrossEntropyGradient%41  activation  own     f32 [37, 12]  1776 bytes
      ring                            ring        own     f32 [2, 4]    32 bytes
      dropout%8                       activation  own     f32 [37, 64]  9472 bytes
      dropout%15                      activation  own     f32 [37, 32]  4736 bytes
      gate%78                         activation  own     f32 [37, 32]  4736 bytes
      gate%85                         activation  own     f32 [37, 64]  9472 bytes"
    `);
  });

  test('two layers with momentum, nothing riding', () => {
    expect(printed({ ...deep, layers: layers([9, 5], relu, half) }, { ride: false })).toMatchInlineSnapshot(`
      "0 map direct + multiply | 4x1 | reads dense0.w | writes multiply%29
      1 map direct + multiply | 1x1 | reads dense1.w | writes multiply%28
      2 map direct + expand | 1x1 | reads nothing | writes expand%26
      3 map direct + perExample | 1x1 | reads expand%26 | writes perExample%27
      4 matmul-nn direct | 1x2 | reads x dense0.w | writes matmul%3
      5 map direct + bias | 2x1 | reads matmul%3 dense0.b | writes bias%5
      6 map direct + relu | 2x1 | reads bias%5 | writes relu%6
      7 map direct + dropout | 2x1 | reads relu%6 | writes dropout%8
      8 matmul-nn direct | 1x2 | reads dropout%8 dense1.w | writes matmul%10
      9 map direct + bias | 2x1 | reads matmul%10 dense1.b | writes bias%12
      10 softmax-cross-entropy direct | 1x1 | reads bias%12 labels perExample%27 | writes softmaxCrossEntropyGradient%30 tileSums%15 tileSums%17
      11 sum-rows direct | 1x1 | reads softmaxCrossEntropyGradient%30 | writes sumRows%31
      12 map direct + velocity | 1x1 | reads dense1.b.velocity sumRows%31 | writes dense1.b.velocity'
      13 map direct + descend | 1x1 | reads dense1.b velocity%53 | writes dense1.b'
      14 matmul-nt direct | 1x2 | reads softmaxCrossEntropyGradient%30 dense1.w | writes matmul%32
      15 map direct + gate | 2x1 | reads matmul%32 dropout%8 | writes gate%55
      16 matmul-tn direct | 1x1 | reads dropout%8 softmaxCrossEntropyGradient%30 | writes matmul%33
      17 map direct + add | 1x1 | reads multiply%28 matmul%33 | writes add%34
      18 map direct + velocity | 1x1 | reads dense1.w.velocity add%34 | writes dense1.w.velocity'
      19 map direct + descend | 1x1 | reads dense1.w velocity%50 | writes dense1.w'
      20 sum-rows direct | 1x1 | reads gate%55 | writes sumRows%56
      21 map direct + velocity | 1x1 | reads dense0.b.velocity sumRows%56 | writes dense0.b.velocity'
      22 map direct + descend | 1x1 | reads dense0.b velocity%61 | writes dense0.b'
      23 matmul-tn direct | 1x3 | reads x gate%55 | writes matmul%57
      24 map direct + add | 4x1 | reads multiply%29 matmul%57 | writes add%58
      25 map direct + velocity | 4x1 | reads dense0.w.velocity add%58 | writes dense0.w.velocity'
      26 map direct + descend | 4x1 | reads dense0.w velocity%59 | writes dense0.w'

      x                               input       shared  f32 [37, 84]  12432 bytes
      dense0.w                        state       own     f32 [84, 12]  4032 bytes
      dense1.w                        state       own     f32 [10, 8]   320 bytes
      labels                          input       shared  u32 [37, 1]   148 bytes
      dense0.w.velocity               state       own     f32 [84, 12]  4032 bytes
      dense1.w.velocity               state       own     f32 [10, 8]   320 bytes
      matmul%3                        activation  own     f32 [37, 12]  1776 bytes
      matmul%10                       activation  own     f32 [37, 8]   1184 bytes
      softmaxCrossEntropyGradient%30  activation  own     f32 [37, 8]   1184 bytes
      ring                            ring        own     f32 [2, 4]    32 bytes
      sumRows%31                      activation  own     f32 [1, 8]    32 bytes
      matmul%32                       activation  own     f32 [37, 12]  1776 bytes
      matmul%33                       activation  own     f32 [9, 8]    288 bytes
      sumRows%56                      activation  own     f32 [1, 12]   48 bytes
      matmul%57                       activation  own     f32 [83, 12]  3984 bytes
      bias%5                          activation  own     f32 [37, 12]  1776 bytes
      relu%6                          activation  own     f32 [37, 12]  1776 bytes
      dropout%8                       activation  own     f32 [37, 12]  1776 bytes
      bias%12                         activation  own     f32 [37, 8]   1184 bytes
      expand%26                       activation  own     f32 [37, 4]   592 bytes
      perExample%27                   activation  own     f32 [37, 4]   592 bytes
      multiply%28                     activation  own     f32 [9, 8]    288 bytes
      multiply%29                     activation  own     f32 [83, 12]  3984 bytes
      add%34                          activation  own     f32 [9, 8]    288 bytes
      gate%55                         activation  own     f32 [37, 12]  1776 bytes
      add%58                          activation  own     f32 [83, 12]  3984 bytes"
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
      "0 matmul-nn direct + bias squaredError squaredErrorGradient | 1x2 | reads x dense0.w dense0.b targets | writes squaredError%7 squaredErrorGradient%18
      1 matmul-tn-sums direct + add descend descend | 1x1 | reads x squaredErrorGradient%18 dense0.w dense0.b | writes dense0.w' dense0.b'
      2 tile-sums direct | 1x1 | reads squaredError%7 | writes tileSums%10

      x                        input       shared  f32 [50, 8]  1600 bytes
      dense0.w                 state       own     f32 [8, 4]   128 bytes
      targets                  input       shared  f32 [50, 4]  800 bytes
      ring                     ring        own     f32 [1, 4]   16 bytes
      squaredError%7           activation  own     f32 [50, 4]  800 bytes
      squaredErrorGradient%18  activation  own     f32 [50, 4]  800 bytes"
    `);
  });

  test('binary cross-entropy', () => {
    const network: Network = { ...deep, layers: layers([9, 3], relu), loss: binaryCrossEntropy(), optimizer: sgd() };
    expect(printed(network)).toMatchInlineSnapshot(`
      "0 matmul-nn direct + bias relu | 1x2 | reads x dense0.w dense0.b | writes relu%6
      1 matmul-nn direct + bias binaryCrossEntropy binaryCorrect binaryCrossEntropyGradient | 1x2 | reads relu%6 dense1.w dense1.b targets | writes binaryCrossEntropy%12 binaryCorrect%17 binaryCrossEntropyGradient%34
      2 tile-sums direct | 1x1 | reads binaryCrossEntropy%12 | writes tileSums%16
      3 tile-sums direct | 1x1 | reads binaryCorrect%17 | writes tileSums%18
      4 matmul-nt direct + reluGradient | 1x2 | reads binaryCrossEntropyGradient%34 dense1.w relu%6 | writes reluGradient%39
      5 matmul-tn-sums direct + add descend descend | 1x1 | reads relu%6 binaryCrossEntropyGradient%34 dense1.w dense1.b | writes dense1.w' dense1.b'
      6 matmul-tn-sums direct + add descend descend | 1x3 | reads x reluGradient%39 dense0.w dense0.b | writes dense0.w' dense0.b'

      x                              input       shared  f32 [37, 84]  12432 bytes
      dense0.w                       state       own     f32 [84, 12]  4032 bytes
      dense1.w                       state       own     f32 [10, 4]   160 bytes
      targets                        input       shared  f32 [37, 4]   592 bytes
      ring                           ring        own     f32 [2, 4]    32 bytes
      relu%6                         activation  own     f32 [37, 12]  1776 bytes
      binaryCrossEntropy%12          activation  own     f32 [37, 4]   592 bytes
      binaryCorrect%17               activation  own     f32 [37, 4]   592 bytes
      binaryCrossEntropyGradient%34  activation  own     f32 [37, 4]   592 bytes
      reluGradient%39                activation  own     f32 [37, 12]  1776 bytes"
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
    expect(printPlan(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-nn direct + relu | 1x1 | reads x w | writes relu%3
      1 matmul-nn direct | 1x1 | reads relu%3 w | writes matmul%4
      2 matmul-tn direct | 1x1 | reads x matmul%4 | writes matmul%5
      3 matmul-nn direct + subtract | 1x1 | reads w matmul%5 | writes subtract%7
      4 map direct + expand | 1x1 | reads subtract%7 | writes w'

      x           input       shared  f32 [8, 8]  256 bytes
      w           state       own     f32 [6, 8]  192 bytes
      matmul%4    activation  own     f32 [8, 8]  256 bytes
      matmul%5    activation  own     f32 [6, 8]  192 bytes
      relu%3      activation  own     f32 [8, 8]  256 bytes
      subtract%7  activation  own     f32 [6, 8]  192 bytes"
    `);
  });

  test('a row whose old value is drawn into the other epilogue of the dispatch that makes the new one', () => {
    const trace = new Trace();
    const [x, dy] = [input(trace, 'x', 8, 6), input(trace, 'dy', 8, 4)];
    const [w, r] = [state(trace, 'w', 6, 4), state(trace, 'r', 1, 4)];
    const step = updating([w, add(matmul(x, dy, { transposeA: true }), multiply(w, r))], [r, add(r, sumRows(dy))]);
    expect(printPlan(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-tn-sums direct + add add | 1x1 | reads x dy r w | writes add%8 w'
      1 map direct + expand | 1x1 | reads add%8 | writes r'

      x      input       shared  f32 [8, 8]  256 bytes
      dy     input       shared  f32 [8, 4]  128 bytes
      w      state       own     f32 [6, 4]  96 bytes
      r      state       own     f32 [1, 4]  16 bytes
      add%8  activation  own     f32 [1, 4]  16 bytes"
    `);
  });

  test('gradients that are scaled by a sum over all of them', () => {
    const trace = new Trace();
    const [x, dy, z] = [input(trace, 'x', 8, 6), input(trace, 'dy', 8, 4), input(trace, 'z', 8, 5)];
    const [v, w] = [state(trace, 'v', 6, 4), state(trace, 'w', 5, 4)];
    const [dv, dw] = [matmul(x, dy, { transposeA: true }), matmul(z, dy, { transposeA: true })];
    const norm = add(sumAll(multiply(dv, dv)), sumAll(multiply(dw, dw)));
    const step = updating([v, descend(v, dv, norm)], [w, descend(w, dw, norm)]);
    expect(printPlan(plan(step, new Layout()))).toMatchInlineSnapshot(`
      "0 matmul-tn direct + multiply | 1x1 | reads x dy | writes matmul%5 multiply%7
      1 matmul-tn direct + multiply | 1x1 | reads z dy | writes matmul%6 multiply%9
      2 sum-all direct | 1x1 | reads multiply%7 | writes sumAll%8
      3 sum-all direct + add | 1x1 | reads multiply%9 sumAll%8 | writes add%11
      4 map direct + descend | 1x1 | reads w matmul%6 add%11 | writes w'
      5 map direct + descend | 1x1 | reads v matmul%5 add%11 | writes v'

      x           input       shared  f32 [8, 8]  256 bytes
      dy          input       shared  f32 [8, 4]  128 bytes
      z           input       shared  f32 [8, 8]  256 bytes
      v           state       own     f32 [6, 4]  96 bytes
      w           state       own     f32 [5, 4]  80 bytes
      matmul%5    activation  own     f32 [6, 4]  96 bytes
      matmul%6    activation  own     f32 [5, 4]  80 bytes
      sumAll%8    activation  own     f32 [1, 4]  16 bytes
      multiply%7  activation  own     f32 [6, 4]  96 bytes
      multiply%9  activation  own     f32 [5, 4]  80 bytes
      add%11      activation  own     f32 [1, 4]  16 bytes"
    `);
  });
});
