import { expect, test } from 'vitest';
import { gradients } from '../../src/graph/gradient.js';
import { OPS } from '../../src/ops/every-op.js';
import * as ops from '../../src/ops/index.js';
import { Inputs } from './inputs.js';
import { Random } from './random.js';

const random = new Random(11);

/** Numbers away from 0, where relu and its kin have their kink. */
const smooth = (count: number) => Array.from({ length: count }, () => random.scaled(0.1, 2));
const positive = (count: number) => smooth(count).map(Math.abs);

/** A tensor y to differentiate, and the tensors to differentiate by. */
type Case = (inputs: Inputs) => { y: ops.Tensor; wanted: ops.Tensor[] };

/** A tensor of some operands, to be differentiated by all of them. */
const of =
  (
    shapes: readonly (readonly [rows: number, cols: number])[],
    build: (inputs: Inputs, ...x: ops.Tensor[]) => ops.Tensor,
  ): Case =>
  (inputs) => {
    const wanted = shapes.map(([rows, cols]) => inputs.matrix(rows, cols, smooth(rows * cols)));
    return { y: build(inputs, ...wanted), wanted };
  };
const unary = (op: (x: ops.Tensor) => ops.Tensor) => of([[3, 5]], (_, x) => op(x));

/** All pairs of shapes that broadcast in some way. */
const binary =
  (op: (a: ops.Tensor, b: ops.Tensor) => ops.Tensor): Case =>
  (inputs) => {
    const full = inputs.matrix(3, 5, smooth(15));
    const wanted = [full, inputs.matrix(1, 5, smooth(5)), inputs.matrix(3, 1, smooth(3)), inputs.scalar(smooth(1)[0])];
    const pairs = wanted.flatMap((a) => [op(a, full), op(full, a), op(a, wanted[1])]);
    return {
      y: pairs.map(ops.sumAll).reduce((sum, pair, i) => ops.add(sum, ops.multiply(pair, inputs.constant(1 + i)))),
      wanted,
    };
  };

const CASES: Readonly<Record<string, readonly Case[]>> = {
  add: [binary(ops.add)],
  subtract: [binary(ops.subtract)],
  multiply: [binary(ops.multiply)],
  divide: [binary(ops.divide)],
  negate: [unary(ops.negate)],
  squareRoot: [unary((x) => ops.sqrt(ops.multiply(x, x)))],
  exponential: [unary(ops.exp)],
  logarithm: [unary((x) => ops.log(ops.multiply(x, x)))],
  absolute: [unary(ops.abs)],
  signOf: [unary((x) => ops.multiply(x, ops.sign(x)))],
  maximum: [binary((a, b) => ops.maximum(ops.multiply(a, a), ops.add(b, ops.exp(a))))],
  minimum: [binary((a, b) => ops.minimum(ops.multiply(a, a), ops.add(b, ops.exp(a))))],
  greater: [binary((a, b) => ops.multiply(ops.greater(a, ops.exp(b)), a))],
  choose: [binary((a, b) => ops.select(ops.subtract(a, ops.exp(b)), ops.multiply(a, b), b))],
  bias: [[3, 5] as const, [1, 5] as const].map((shape) => of([shape, [1, 5]], (_, x, b) => ops.bias(x, b))),
  expand: [[1, 4] as const, [1, 1] as const].map((shape) => of([shape], (_, x) => ops.expand(x, { rows: 3, cols: 4 }))),
  relu: [unary(ops.relu)],
  leakyRelu: [of([[3, 5]], (inputs, x) => ops.leakyRelu(x, inputs.scalar(0.3)))],
  tanh: [unary(ops.tanh)],
  sigmoid: [unary(ops.sigmoid)],
  gelu: [unary(ops.gelu), unary((x) => ops.gelu(ops.multiply(x, ops.constant(x.trace, 4))))],
  softplus: [unary(ops.softplus)],
  elu: [of([[3, 5]], (inputs, x) => ops.elu(x, inputs.scalar(1.3)))],
  focal: [0, 0.5, 2].map((gamma) => of([[3, 5]], (inputs, x) => ops.focal(ops.multiply(x, x), inputs.scalar(gamma)))),
  dropout: [
    of([[3, 5]], (inputs, x) => ops.dropout(x, inputs.words([42, 0, 3, 1, 0, 0x60000000, ops.bitsFromFloat(1.6)]))),
  ],
  squaredError: [of([[3, 2]], (inputs, x) => ops.squaredError(x, inputs.matrix(3, 2, smooth(6))))],
  binaryCrossEntropy: [
    of([[3, 2]], (inputs, x) => ops.binaryCrossEntropy(x, inputs.matrix(3, 2, [0, 1, 0, 1, 0.3, 0.7]))),
  ],
  matmul: [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ].map(([transposeA, transposeB]) =>
    of([transposeA ? [4, 3] : [3, 4], transposeB ? [2, 4] : [4, 2]], (_, a, b) =>
      ops.matmul(a, b, { transposeA, transposeB }),
    ),
  ),
  sumRows: [unary(ops.sumRows), unary(ops.meanRows)],
  sumCols: [unary(ops.sumCols), unary(ops.meanCols)],
  sumAll: [unary(ops.sumAll), unary(ops.meanAll)],
  batchMean: [1, 3, 5, 8].map((count) =>
    of([[5, 1]], (inputs, x) => ops.batchMean(x, inputs.words([count, ops.bitsFromFloat(1 / count)]))),
  ),
  perExample: [of([[5, 2]], (inputs, x) => ops.perExample(x, inputs.words([3, ops.bitsFromFloat(1 / 3)])))],
  softmaxCrossEntropy: [of([[3, 5]], (inputs, x) => ops.softmaxCrossEntropy(x, inputs.matrix(3, 1, [4, 0, 2], 'u32')))],
  smoothedCrossEntropy: [
    of([[3, 5]], (inputs, x) => ops.smoothedCrossEntropy(x, inputs.matrix(3, 1, [4, 0, 2], 'u32'), inputs.scalar(0.3))),
  ],
  softTargetCrossEntropy: [
    of([[3, 5]], (inputs, x) => ops.softTargetCrossEntropy(x, inputs.matrix(3, 5, positive(15)))),
  ],
  rollRows: [of([[5, 3]], (inputs, x) => ops.rollRows(x, inputs.words([1, 4])))],
  rollRowsBack: [of([[5, 3]], (inputs, x) => x.trace.apply(ops.rollRowsBackOp, [x, inputs.words([1, 4])]))],
  normalizeRows: [of([[3, 5]], (inputs, x) => ops.normalizeRows(x, inputs.scalar(0.1)))],
  l2Penalty: [of([[3, 5]], (inputs, theta) => ops.l2Penalty(theta, inputs.scalar(0.3)))],
};

const differentiable = OPS.filter((op) => op.gradient).map((op) => op.name);

test('every op with a gradient rule has a case, and every case is one of such an op', () => {
  expect(Object.keys(CASES).sort()).toEqual(differentiable.sort());
});

/** Half the distance of a central difference: its error, h²/6 of the third derivative, is about 1e-11. */
const H = 1e-5;

test.each(Object.entries(CASES).flatMap(([name, cases]) => cases.map((build, i) => [name, i, build] as const)))(
  '%s, case %i: the gradient rule agrees with central differences',
  (_name, _i, build) => {
    const inputs = new Inputs();
    const { y, wanted } = build(inputs);
    // A weight of its own for every element of y, so that no error cancels.
    const weights = inputs.matrix(y.rows, y.cols, smooth(y.rows * y.cols));
    const loss = ops.sumAll(ops.multiply(y, weights));
    const rules = gradients(loss, wanted);
    wanted.forEach((leaf, w) => {
      const { rows, cols } = rules[w];
      expect({ rows, cols }).toEqual({ rows: leaf.rows, cols: leaf.cols });
      const gradient = inputs.values(rules[w]);
      const data = inputs.data(leaf);
      expect(gradient.some((g) => g !== 0)).toBe(true);
      gradient.forEach((g, i) => {
        const x = data[i];
        data[i] = x + H;
        const [above] = inputs.values(loss);
        data[i] = x - H;
        const [below] = inputs.values(loss);
        data[i] = x;
        const difference = (above - below) / (2 * H);
        expect(Math.abs(g - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(difference)));
      });
    });
  },
);
