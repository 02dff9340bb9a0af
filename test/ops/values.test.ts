import { describe, expect, test } from 'vitest';
import { OPS } from '../../src/ops/every-op.js';
import type { Tensor } from '../../src/ops/index.js';
import * as ops from '../../src/ops/index.js';
import { dropoutThreshold } from '../../src/random/source.js';
import { testRefusals } from '../errors/refusals.js';
import { Inputs } from './inputs.js';

const { bitsFromFloat } = ops;
const log = Math.log;
const sigma = (x: number) => 1 / (1 + Math.exp(-x));

/** A name, an expression, and its elements row after row. */
type Row = [name: string, build: (i: Inputs) => Tensor, expected: readonly number[]];

const rows: Row[] = [
  ['add', (i) => ops.add(i.matrix(2, 2, [1, 2, 3, 4]), i.row([10, 20])), [11, 22, 13, 24]],
  ['add, both ways', (i) => ops.add(i.matrix(2, 1, [1, 2]), i.row([10, 20])), [11, 21, 12, 22]],
  ['subtract', (i) => ops.subtract(i.matrix(2, 1, [1, 2]), i.matrix(2, 2, [1, 2, 3, 4])), [0, -1, -1, -2]],
  ['multiply', (i) => ops.multiply(i.row([1, -2, 0.5]), i.scalar(4)), [4, -8, 2]],
  ['divide', (i) => ops.divide(i.row([1, -2, 0.5]), i.scalar(4)), [0.25, -0.5, 0.125]],
  ['negate', (i) => ops.negate(i.row([1, -2])), [-1, 2]],
  ['sqrt', (i) => ops.sqrt(i.row([0, 4, 2])), [0, 2, Math.SQRT2]],
  ['exp', (i) => ops.exp(i.row([0, 1, log(3)])), [1, Math.E, 3]],
  ['log', (i) => ops.log(i.row([1, Math.E, 8])), [0, 1, log(8)]],
  ['abs', (i) => ops.abs(i.row([0, -2, 3])), [0, 2, 3]],
  ['sign', (i) => ops.sign(i.row([0, -2, 3])), [0, -1, 1]],
  ['maximum', (i) => ops.maximum(i.row([1, -2, 3]), i.scalar(1)), [1, 1, 3]],
  ['minimum', (i) => ops.minimum(i.row([1, -2, 3]), i.scalar(1)), [1, -2, 1]],
  ['greater', (i) => ops.greater(i.row([1, -2, 3]), i.scalar(1)), [0, 0, 1]],
  ['select', (i) => ops.select(i.row([1, -2, 0]), i.row([1, 2, 3]), i.scalar(7)), [1, 7, 7]],
  ['bias', (i) => ops.bias(i.matrix(2, 2, [1, 2, 3, 4]), i.row([0.5, -0.5])), [1.5, 1.5, 3.5, 3.5]],
  ['expand rows', (i) => ops.expand(i.row([1, 2]), { rows: 2, cols: 2 }), [1, 2, 1, 2]],
  ['expand cols', (i) => ops.expand(i.matrix(2, 1, [1, 2]), { rows: 2, cols: 2 }), [1, 1, 2, 2]],
  ['relu', (i) => ops.relu(i.row([-1, 0, 2])), [0, 0, 2]],
  ['reluGradient', (i) => ops.reluGradient(i.row([5, 6, 7]), i.row([0, 1e-9, 2])), [0, 6, 7]],
  ['leakyRelu', (i) => ops.leakyRelu(i.row([-2, 0, 3]), i.scalar(0.25)), [-0.5, 0, 3]],
  ['leakyReluGradient', (i) => ops.leakyReluGradient(i.row([8, 8, 8]), i.row([-0.5, 0, 3]), i.scalar(0.25)), [2, 2, 8]],
  ['tanh', (i) => ops.tanh(i.row([0, log(2), -log(3)])), [0, 0.6, -0.8]],
  ['tanhGradient', (i) => ops.tanhGradient(i.row([2, -1]), i.row([0.5, 1])), [1.5, 0]],
  ['sigmoid', (i) => ops.sigmoid(i.row([0, log(3), -log(3)])), [0.5, 0.75, 0.25]],
  ['sigmoid far out', (i) => ops.sigmoid(i.row([-1000, 1000])), [0, 1]],
  ['sigmoidGradient', (i) => ops.sigmoidGradient(i.row([4, 16]), i.row([0.5, 0.75])), [1, 3]],
  [
    'gelu', // torch.nn.functional.gelu, float64
    (i) => ops.gelu(i.row([-3, -1, 0, 1, 3])),
    [-0.00404969409489031, -0.15865525393145707, 0, 0.8413447460685429, 2.99595030590511],
  ],
  [
    'geluGradient', // Φ(1) ± φ(1)
    (i) => ops.geluGradient(i.row([1, 1, 2]), i.row([1, -1, 0])),
    [1.0833154705876864, -0.08331547058768637, 1],
  ],
  ['softplus', (i) => ops.softplus(i.row([0, log(3), -log(3)])), [log(2), log(4), log(4 / 3)]],
  ['softplus far out', (i) => ops.softplus(i.row([-1000, 1000])), [0, 1000]],
  ['elu', (i) => ops.elu(i.row([-log(4), -1e-9, 0, 3]), i.scalar(2)), [-1.5, -2e-9, 0, 3]],
  ['elu far out', (i) => ops.elu(i.row([-1000, 1000]), i.scalar(2)), [-2, 1000]],
  ['eluGradient', (i) => ops.eluGradient(i.row([8, 8, 8]), i.row([-1.5, 0, 3]), i.scalar(2)), [4, 16, 8]],
  ['focal', (i) => ops.focal(i.row([log(2), log(4), 0]), i.scalar(2)), [log(2) / 4, (log(4) * 9) / 16, 0]],
  ['focal of exponent 0', (i) => ops.focal(i.row([log(2), 30]), i.scalar(0)), [log(2), 30]],
  [
    'focalGradient',
    (i) => ops.focalGradient(i.row([2, 2, 2]), i.row([log(2), 0, 100]), i.scalar(2)),
    [2 * (0.25 + 0.5 * log(2)), 0, 2],
  ],
  ['squaredError', (i) => ops.squaredError(i.row([3, -1]), i.row([1, 1])), [4, 4]],
  ['squaredErrorGradient', (i) => ops.squaredErrorGradient(i.scalar(0.5), i.row([3, -1]), i.row([1, 1])), [2, -2]],
  [
    'binaryCrossEntropy',
    (i) => ops.binaryCrossEntropy(i.row([0, log(3), log(3), -log(3)]), i.row([1, 1, 0, 0.5])),
    [log(2), -log(0.75), -log(0.25), -0.5 * log(0.25) - 0.5 * log(0.75)],
  ],
  [
    'binaryCrossEntropy far out',
    (i) => ops.binaryCrossEntropy(i.row([900, 900, -900, -900]), i.row([1, 0, 0, 1])),
    [0, 900, 0, 900],
  ],
  [
    'binaryCrossEntropyGradient',
    (i) => ops.binaryCrossEntropyGradient(i.scalar(2), i.row([0.7, 0.7, -900]), i.row([1, 0.25, 0])),
    [2 * (sigma(0.7) - 1), 2 * (sigma(0.7) - 0.25), 0],
  ],
  ['binaryCorrect', (i) => ops.binaryCorrect(i.row([1, 1, -1, -1, 0]), i.row([1, 0, 1, 0, 0.5])), [1, 0, 0, 1, 1]],
  [
    'perExample',
    (i) => ops.perExample(i.matrix(3, 2, [4, 8, 12, 16, 20, 24]), i.words([2, bitsFromFloat(0.5)])),
    [2, 4, 6, 8, 0, 0],
  ],
  ['velocity', (i) => ops.velocity(i.row([10, 20]), i.row([1, 2]), i.scalar(0.5)), [6, 12]],
  ['average', (i) => ops.average(i.row([8, 16]), i.row([4, -4]), i.scalar(0.75), i.scalar(0.25)), [7, 11]],
  ['averageSquare', (i) => ops.averageSquare(i.row([8, 16]), i.row([4, -2]), i.scalar(0.75), i.scalar(0.25)), [10, 13]],
  [
    'adamDirection',
    (i) => ops.adamDirection(i.row([3, -3, 0]), i.row([4, 0, 0]), i.scalar(0.5), i.scalar(0.5)),
    [2, -6, 0],
  ],
  ['descend', (i) => ops.descend(i.row([1, 2]), i.row([10, -10]), i.scalar(0.5)), [-4, 7]],
  ['matmul', (i) => ops.matmul(i.matrix(2, 3, [1, 2, 3, 4, 5, 6]), i.matrix(3, 1, [1, 0, -1])), [-2, -2]],
  [
    'matmul, both transposed',
    (i) => ops.matmul(i.matrix(3, 2, [1, 4, 2, 5, 3, 6]), i.row([1, 0, -1]), { transposeA: true, transposeB: true }),
    [-2, -2],
  ],
  ['sumRows', (i) => ops.sumRows(i.matrix(2, 3, [1, 2, 3, 4, 5, 6])), [5, 7, 9]],
  ['sumCols', (i) => ops.sumCols(i.matrix(2, 3, [1, 2, 3, 4, 5, 6])), [6, 15]],
  ['sumAll', (i) => ops.sumAll(i.matrix(2, 3, [1, 2, 3, 4, 5, 6])), [21]],
  ['meanRows', (i) => ops.meanRows(i.matrix(2, 3, [1, 2, 3, 4, 5, 6])), [2.5, 3.5, 4.5]],
  ['meanCols', (i) => ops.meanCols(i.matrix(2, 2, [1, 2, 3, 5])), [1.5, 4]],
  ['meanAll', (i) => ops.meanAll(i.matrix(2, 2, [1, 2, 3, 6])), [3]],
  ['batchMean', (i) => ops.batchMean(i.matrix(3, 1, [1, 2, 9]), i.words([2, bitsFromFloat(0.5)])), [1.5]],
  [
    'tileSums',
    (i) => ops.tileSums(i.matrix(130, 2, new Float64Array(260).fill(1)), i.words([129, bitsFromFloat(1 / 129)])),
    [128, 128, 2],
  ],
  [
    'tileSums of a batch that ends early',
    (i) => ops.tileSums(i.matrix(65, 1, new Float64Array(65).fill(NaN).fill(1, 0, 3)), i.words([3, 0])),
    [3, 0],
  ],
  [
    'softmaxCrossEntropy',
    (i) =>
      ops.softmaxCrossEntropy(i.matrix(2, 3, [log(1), log(2), log(5), 800, 0, -800]), i.matrix(2, 1, [1, 2], 'u32')),
    [log(4), 1600],
  ],
  [
    'softmaxCrossEntropyGradient, a row without weight',
    (i) =>
      ops.softmaxCrossEntropyGradient(
        i.matrix(2, 1, [2, 0]),
        i.matrix(2, 3, [log(1), log(2), log(5), 1, 2, Number.NaN]),
        i.matrix(2, 1, [1, 2], 'u32'),
      ),
    [0.25, -1.5, 1.25, 0, 0, 0],
  ],
  [
    'smoothedCrossEntropy',
    (i) => ops.smoothedCrossEntropy(i.matrix(1, 3, [0, 0, log(2)]), i.matrix(1, 1, [1], 'u32'), i.scalar(0.3)),
    [log(4) - 0.1 * log(2)],
  ],
  [
    'smoothedCrossEntropyGradient, a row without weight',
    (i) =>
      ops.smoothedCrossEntropyGradient(
        i.matrix(2, 1, [2, 0]),
        i.matrix(2, 3, [0, 0, log(2), 1, 2, Number.NaN]),
        i.matrix(2, 1, [1, 2], 'u32'),
        i.scalar(0.3),
      ),
    [0.3, -1.1, 0.8, 0, 0, 0],
  ],
  [
    'softTargetCrossEntropy',
    (i) =>
      ops.softTargetCrossEntropy(
        i.matrix(2, 3, [log(1), log(2), log(5), 800, 0, -800]),
        i.matrix(2, 3, [0.5, 0.25, 0.25, 0, 1, 1]),
      ),
    [0.5 * log(8) + 0.25 * log(4) + 0.25 * log(8 / 5), 2400],
  ],
  [
    'softTargetCrossEntropyGradient, a row without weight',
    (i) =>
      ops.softTargetCrossEntropyGradient(
        i.matrix(2, 1, [2, 0]),
        i.matrix(2, 3, [log(1), log(2), log(5), 1, 2, 3]),
        i.matrix(2, 3, [0, 1, 1, 1, 1, 1]),
      ),
    [0.5, -1, 0.5, 0, 0, 0],
  ],
  [
    'correct, the first of equal logits counts',
    (i) => ops.correct(i.matrix(4, 2, [1, 2, 2, 1, 3, 3, 3, 3]), i.matrix(4, 1, [1, 1, 0, 1], 'u32')),
    [1, 0, 1, 0],
  ],
  [
    'softCorrect, the first of equal targets counts',
    (i) => ops.softCorrect(i.matrix(3, 2, [1, 2, 2, 1, 2, 1]), i.matrix(3, 2, [0.1, 0.9, 0.1, 0.9, 0.5, 0.5])),
    [1, 0, 1],
  ],
  ['l2Penalty', (i) => ops.l2Penalty(i.matrix(2, 2, [1, 2, 3, 4]), i.scalar(0.5)), [7.5]],
  [
    'gatherRows, rows behind the valid ones repeat the last',
    (i) =>
      ops.gatherRows(
        i.matrix(4, 2, [0, 1, 10, 11, 20, 21, 30, 31], 'u8'),
        i.matrix(4, 1, [2, 0, 3, 1], 'u32'),
        i.words([1, 2]),
        4,
      ),
    [0, 1, 30, 31, 30, 31, 30, 31],
  ],
  [
    'gatherRows, never behind the data',
    (i) => ops.gatherRows(i.matrix(3, 1, [7, 8, 9], 'u32'), i.matrix(3, 1, [2, 0, 1], 'u32'), i.words([2, 3]), 3),
    [8, 8, 8],
  ],
  [
    'rollRows, rows from the count on stay',
    (i) => ops.rollRows(i.matrix(4, 2, [0, 1, 10, 11, 20, 21, 30, 31]), i.words([2, 3])),
    [20, 21, 0, 1, 10, 11, 30, 31],
  ],
  ['rollRows of labels', (i) => ops.rollRows(i.matrix(3, 1, [7, 8, 9], 'u32'), i.words([1, 3])), [8, 9, 7]],
  ['rollRows of one row', (i) => ops.rollRows(i.matrix(2, 1, [7, 8]), i.words([0, 1])), [7, 8]],
  [
    'rollRowsBack',
    (i) => {
      const roll = i.words([1, 3]);
      return i.trace.apply(ops.rollRowsBackOp, [ops.rollRows(i.matrix(4, 1, [7, 8, 9, 5]), roll), roll]);
    },
    [7, 8, 9, 5],
  ],
  [
    'normalizeRows',
    (i) => ops.normalizeRows(i.matrix(2, 4, [1, 1, 3, 3, 5, 5, 5, 5]), i.scalar(3)),
    [-0.5, -0.5, 0.5, 0.5, 0, 0, 0, 0],
  ],
  [
    // of y above by x: (dy - mean - c · mean(dy · c) / 4) / 2 with c = -1, -1, 1, 1
    'normalizeRowsGradient',
    (i) => {
      const [dy, x] = [i.matrix(1, 4, [4, 0, 0, 0]), i.matrix(1, 4, [1, 1, 3, 3])];
      return i.trace.apply(ops.normalizeRowsGradientOp, [dy, x, i.scalar(3)]);
    },
    [1.375, -0.625, -0.375, -0.375],
  ],
];

test.each(rows)('%s', (_name, build, expected) => {
  const inputs = new Inputs();
  const y = build(inputs);
  const values = inputs.values(y);
  expect(values).toHaveLength(y.rows * y.cols);
  expected.forEach((value, i) => {
    expect(Math.abs(values[i] - value), `element ${i}: ${values[i]}, not ${value}`).toBeLessThanOrEqual(
      1e-14 * Math.max(1, Math.abs(value)),
    );
  });
});

describe('dropout', () => {
  // notes: key (12345678, 9abcdef0), counter (quad, 7, 2, 0), p = 0.3: elements 0 to 31, bit 0 first, 1 is kept.
  const kept = 0xb3e2ed97;
  const source = [0x12345678, 0x9abcdef0, 7, 2, 0, dropoutThreshold(0.3), bitsFromFloat(2), 0];

  test.each([
    [1, 32],
    [2, 16],
    [8, 4],
  ])('the mask of [%i, %i] is the known one', (rows, cols) => {
    const inputs = new Inputs();
    const y = ops.dropout(inputs.matrix(rows, cols, new Float64Array(32).fill(3)), inputs.words(source));
    expect(inputs.values(y)).toEqual(Array.from({ length: 32 }, (_, i) => ((kept >>> i) & 1 ? 6 : 0)));
  });

  test('rows that do not fill their last four columns start a new four', () => {
    const inputs = new Inputs();
    const y = ops.dropout(inputs.matrix(2, 6, new Float64Array(12).fill(3)), inputs.words(source));
    const elements = [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13];
    expect(inputs.values(y)).toEqual(elements.map((i) => ((kept >>> i) & 1 ? 6 : 0)));
  });

  test('reluDropoutGradient is the gradient of dropout(relu(z)) from its output', () => {
    const inputs = new Inputs();
    const z = inputs.row(Float64Array.from({ length: 32 }, (_, i) => (i % 3) - 1));
    const words = inputs.words(source);
    const dy = inputs.row(Float64Array.from({ length: 32 }, (_, i) => i + 1));
    const h = ops.relu(z);
    const gated = ops.reluDropoutGradient(dy, ops.dropout(h, words), words);
    expect(inputs.values(gated)).toEqual(inputs.values(ops.reluGradient(ops.dropout(dy, words), h)));
  });
});

describe('shapes that do not fit are refused', () => {
  const i = new Inputs();
  const a = i.matrix(2, 3, new Float64Array(6));
  const b = i.matrix(4, 3, new Float64Array(12));
  const column = i.matrix(2, 1, [1, 1]);
  const row = i.row([1, 1]);
  const labels = i.matrix(2, 1, [0, 0], 'u32');
  const words = i.words([1, 1]);
  const order = i.matrix(3, 1, [0, 1, 2], 'u32');

  testRefusals(
    {
      'add: [2, 3] and [4, 3] do not broadcast': () => ops.add(a, b),
      'velocity: [2, 3] and [4, 3] and [1, 1] do not broadcast': () => ops.velocity(a, b, i.scalar(1)),
      'bias: x [2, 3] needs a bias of [1, 3], got [1, 2]': () => ops.bias(a, row),
      'bias: x [2, 3] needs a bias of [1, 3], got [2, 3]': () => ops.bias(a, a),
      'expand: [2, 3] does not broadcast to [4, 3]': () => ops.expand(a, { rows: 4, cols: 3 }),
      'squaredError: [2, 1] and [1, 2] must have one shape': () => ops.squaredError(column, row),
      'binaryCrossEntropy: [2, 1] and [1, 2] must have one shape': () => ops.binaryCrossEntropy(column, row),
      'binaryCorrect: [2, 1] and [1, 2] must have one shape': () => ops.binaryCorrect(column, row),
      'perExample: batch must be u32 words [1, 2], got f32 [1, 2]': () => ops.perExample(a, row),
      'batchMean: batch must be u32 words [1, 2], got u32 [2, 1]': () => ops.batchMean(column, labels),
      'batchMean: x must be [2, 1], one value a row, got [2, 3]': () => ops.batchMean(a, words),
      'tileSums: batch must be u32 words [1, 2], got f32 [2, 1]': () => ops.tileSums(a, column),
      'matmul: [2, 3] times [4, 3]: 3 columns meet 4 rows': () => ops.matmul(a, b),
      'softmaxCrossEntropy: logits [4, 3] need labels of u32 [4, 1], got u32 [2, 1]': () =>
        ops.softmaxCrossEntropy(b, labels),
      'softmaxCrossEntropy: logits [2, 3] need labels of u32 [2, 1], got f32 [2, 1]': () =>
        ops.softmaxCrossEntropy(a, column),
      'softmaxCrossEntropyGradient: logits [2, 3] need drow [2, 1], got [1, 2]': () =>
        ops.softmaxCrossEntropyGradient(row, a, labels),
      'softTargetCrossEntropy: logits [2, 3] need targets of the same shape, got [4, 3]': () =>
        ops.softTargetCrossEntropy(a, b),
      'softTargetCrossEntropyGradient: logits [2, 3] need targets of the same shape, got [4, 3]': () =>
        ops.softTargetCrossEntropyGradient(column, a, b),
      'softTargetCrossEntropyGradient: logits [2, 3] need drow [2, 1], got [1, 2]': () =>
        ops.softTargetCrossEntropyGradient(row, a, a),
      'correct: logits [4, 3] need labels of u32 [4, 1], got u32 [2, 1]': () => ops.correct(b, labels),
      'softCorrect: logits [2, 3] need targets of the same shape, got [4, 3]': () => ops.softCorrect(a, b),
      'l2Penalty: lambda must be [1, 1] for theta [2, 3], got [1, 2]': () => ops.l2Penalty(a, row),
      'gatherRows: data [2, 3] needs an order of u32 [2, 1], got u32 [3, 1]': () => ops.gatherRows(a, order, words, 2),
      'rollRows: roll must be u32 words [1, 2], got f32 [1, 2]': () => ops.rollRows(a, row),
      'gatherRows: start must be u32 words [1, 2], got f32 [1, 2]': () => ops.gatherRows(a, labels, row, 2),
    },
    { prefix: 'Error: ' },
  );
});

describe('tensors are interned', () => {
  test('equal expressions are one tensor, also where the order does not matter', () => {
    const i = new Inputs();
    const [a, b] = [i.matrix(2, 2, [1, 2, 3, 4]), i.matrix(2, 2, [1, 2, 3, 4])];
    expect(ops.add(a, b)).toBe(ops.add(b, a));
    expect(ops.subtract(a, b)).toBe(ops.subtract(a, b));
    expect(ops.subtract(a, b)).not.toBe(ops.subtract(b, a));
    expect(ops.bias(a, ops.sumRows(b))).not.toBe(ops.add(a, ops.sumRows(b)));
  });

  test('what changes nothing makes no tensor', () => {
    const i = new Inputs();
    const a = i.matrix(2, 2, [1, 2, 3, 4]);
    expect(ops.expand(a, a)).toBe(a);
    expect(ops.multiply(i.constant(1), a)).toBe(a);
  });

  test('types of gathered rows', () => {
    const i = new Inputs();
    const order = i.matrix(1, 1, [0], 'u32');
    const words = i.words([0, 1]);
    const types = (['f32', 'u32', 'u8'] as const).map((dtype) => {
      return ops.gatherRows(i.matrix(1, 1, [1], dtype), order, words, 1).dtype;
    });
    expect(types).toEqual(['f32', 'u32', 'f32']);
  });
});

test('every op but the leaves is computed here', () => {
  const computed = new Set<string>();
  for (const [, build] of rows) {
    const stack = [build(new Inputs())];
    for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
      computed.add(tensor.op.name);
      stack.push(...tensor.inputs);
    }
  }
  for (const name of ['dropout', 'reluDropoutGradient', 'randomUniform', 'randomNormal']) computed.add(name);
  expect(OPS.filter((op) => op.kind !== 'leaf' && !computed.has(op.name)).map((op) => op.name)).toEqual([]);
});
