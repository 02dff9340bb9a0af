import { expect, test } from 'vitest';
import { gradients } from '../../src/graph/gradient.js';
import { OPS } from '../../src/ops/every-op.js';
import {
  add,
  batchMean,
  bias,
  binaryCrossEntropy,
  bitsFromFloat,
  constant,
  dropout,
  expand,
  gelu,
  l2Penalty,
  leakyRelu,
  matmul,
  meanAll,
  meanCols,
  meanRows,
  multiply,
  relu,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  softTargetCrossEntropy,
  squaredError,
  subtract,
  sumAll,
  sumCols,
  sumRows,
  type Tensor,
  tanh,
} from '../../src/ops/index.js';
import { Inputs } from './inputs.js';
import { Random } from './random.js';

const random = new Random(11);

/** Numbers away from 0, where relu and its kin have their kink. */
const smooth = (count: number) => Array.from({ length: count }, () => random.scaled(0.1, 2));
const positive = (count: number) => smooth(count).map(Math.abs);

/** A tensor y to differentiate, and the tensors to differentiate by. */
type Case = (inputs: Inputs) => { y: Tensor; wanted: Tensor[] };

const unary =
  (op: (x: Tensor) => Tensor): Case =>
  (inputs) => {
    const x = inputs.matrix(3, 5, smooth(15));
    return { y: op(x), wanted: [x] };
  };

/** All pairs of shapes that broadcast in some way. */
const binary =
  (op: (a: Tensor, b: Tensor) => Tensor): Case =>
  (inputs) => {
    const full = inputs.matrix(3, 5, smooth(15));
    const wanted = [full, inputs.matrix(1, 5, smooth(5)), inputs.matrix(3, 1, smooth(3)), inputs.scalar(smooth(1)[0])];
    const pairs = wanted.flatMap((a) => [op(a, full), op(full, a), op(a, wanted[1])]);
    return { y: pairs.map(sumAll).reduce((sum, pair, i) => add(sum, multiply(pair, inputs.constant(1 + i)))), wanted };
  };

const CASES: Readonly<Record<string, readonly Case[]>> = {
  add: [binary(add)],
  subtract: [binary(subtract)],
  multiply: [binary(multiply)],
  bias: [
    (inputs) => {
      const wanted = [inputs.matrix(3, 5, smooth(15)), inputs.matrix(1, 5, smooth(5))];
      return { y: bias(wanted[0], wanted[1]), wanted };
    },
    (inputs) => {
      const wanted = [inputs.matrix(1, 5, smooth(5)), inputs.matrix(1, 5, smooth(5))];
      return { y: bias(wanted[0], wanted[1]), wanted };
    },
  ],
  expand: [
    (inputs) => {
      const x = inputs.matrix(1, 4, smooth(4));
      return { y: expand(x, { rows: 3, cols: 4 }), wanted: [x] };
    },
    (inputs) => {
      const x = inputs.matrix(1, 1, smooth(1));
      return { y: expand(x, { rows: 3, cols: 4 }), wanted: [x] };
    },
  ],
  relu: [unary(relu)],
  leakyRelu: [
    (inputs) => {
      const slope = inputs.scalar(0.3);
      const x = inputs.matrix(3, 5, smooth(15));
      return { y: leakyRelu(x, slope), wanted: [x] };
    },
  ],
  tanh: [unary(tanh)],
  sigmoid: [unary(sigmoid)],
  gelu: [unary(gelu), unary((x) => gelu(multiply(x, constant(x.trace, 4))))],
  softplus: [unary(softplus)],
  dropout: [
    (inputs) => {
      const source = inputs.words([42, 0, 3, 1, 0, 0x60000000, bitsFromFloat(1.6)]);
      const x = inputs.matrix(3, 5, smooth(15));
      return { y: dropout(x, source), wanted: [x] };
    },
  ],
  squaredError: [
    (inputs) => {
      const wanted = [inputs.matrix(3, 2, smooth(6))];
      return { y: squaredError(wanted[0], inputs.matrix(3, 2, smooth(6))), wanted };
    },
  ],
  binaryCrossEntropy: [
    (inputs) => {
      const wanted = [inputs.matrix(3, 2, smooth(6))];
      return { y: binaryCrossEntropy(wanted[0], inputs.matrix(3, 2, [0, 1, 0, 1, 0.3, 0.7])), wanted };
    },
  ],
  matmul: [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ].map(([transposeA, transposeB]) => (inputs: Inputs) => {
    const a = transposeA ? inputs.matrix(4, 3, smooth(12)) : inputs.matrix(3, 4, smooth(12));
    const b = transposeB ? inputs.matrix(2, 4, smooth(8)) : inputs.matrix(4, 2, smooth(8));
    return { y: matmul(a, b, { transposeA, transposeB }), wanted: [a, b] };
  }),
  sumRows: [unary(sumRows), unary(meanRows)],
  sumCols: [unary(sumCols), unary(meanCols)],
  sumAll: [unary(sumAll), unary(meanAll)],
  batchMean: [1, 3, 5, 8].map((count) => (inputs: Inputs) => {
    const x = inputs.matrix(5, 1, smooth(5));
    return { y: batchMean(x, inputs.words([count, bitsFromFloat(1 / count)])), wanted: [x] };
  }),
  softmaxCrossEntropy: [
    (inputs) => {
      const x = inputs.matrix(3, 5, smooth(15));
      return { y: softmaxCrossEntropy(x, inputs.matrix(3, 1, [4, 0, 2], 'u32')), wanted: [x] };
    },
  ],
  softTargetCrossEntropy: [
    (inputs) => {
      const x = inputs.matrix(3, 5, smooth(15));
      return { y: softTargetCrossEntropy(x, inputs.matrix(3, 5, positive(15))), wanted: [x] };
    },
  ],
  l2Penalty: [
    (inputs) => {
      const lambda = inputs.scalar(0.3);
      const theta = inputs.matrix(3, 5, smooth(15));
      return { y: l2Penalty(theta, lambda), wanted: [theta] };
    },
  ],
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
    const loss = sumAll(multiply(y, weights));
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
