import perExampleWgsl from '../../shaders/ops/per-example.wgsl?raw';
import { expand, multiply } from './arithmetic.js';
import { checkBatch, constant, TILE_ROWS } from './leaves.js';
import { elementwise, type Shape, type StructuralOp, shapeOf, type Tensor } from './tensor.js';

/* @__NO_SIDE_EFFECTS__ */
function summation(name: string, shape: (x: Shape) => Shape): StructuralOp {
  return {
    name,
    kind: 'structural',
    shape: ([x]) => ({ ...shape(x), dtype: 'f32' }),
    gradient: (dy, _y, [x]) => [expand(dy, x)],
  };
}

export const sumRowsOp = summation('sumRows', ({ cols }) => ({ rows: 1, cols }));

export const sumColsOp = summation('sumCols', ({ rows }) => ({ rows, cols: 1 }));

export const sumAllOp = summation('sumAll', () => ({ rows: 1, cols: 1 }));

/** The sum over the rows, one a column: [m, n] -> [1, n]. */
export function sumRows(x: Tensor): Tensor {
  return x.trace.apply(sumRowsOp, [x]);
}

/** The sum over the columns, one a row: [m, n] -> [m, 1]. */
export function sumCols(x: Tensor): Tensor {
  return x.trace.apply(sumColsOp, [x]);
}

/** The sum of all elements: [m, n] -> [1, 1]. */
export function sumAll(x: Tensor): Tensor {
  return x.trace.apply(sumAllOp, [x]);
}

/** sum · f32(1 / count). */
function over(sum: Tensor, count: number): Tensor {
  return multiply(sum, constant(sum.trace, 1 / count));
}

/** The mean over the rows, one a column: [m, n] -> [1, n]. */
export function meanRows(x: Tensor): Tensor {
  return over(sumRows(x), x.rows);
}

/** The mean over the columns, one a row: [m, n] -> [m, 1]. */
export function meanCols(x: Tensor): Tensor {
  return over(sumCols(x), x.cols);
}

/** The mean of all elements: [m, n] -> [1, 1]. */
export function meanAll(x: Tensor): Tensor {
  return over(sumAll(x), x.rows * x.cols);
}

export const l2PenaltyOp: StructuralOp = {
  name: 'l2Penalty',
  kind: 'structural',
  shape([theta, lambda]) {
    if (lambda.rows !== 1 || lambda.cols !== 1) {
      throw new Error(`l2Penalty: lambda must be [1, 1] for theta ${shapeOf(theta)}, got ${shapeOf(lambda)}`);
    }
    return { rows: 1, cols: 1, dtype: 'f32' };
  },
  gradient: (dy, _y, [theta, lambda]) => [multiply(dy, multiply(theta, lambda)), undefined],
};

/** (lambda / 2) · Σ theta²: [1, 1], for theta [m, n] and lambda [1, 1], which gets no gradient. */
export function l2Penalty(theta: Tensor, lambda: Tensor): Tensor {
  return theta.trace.apply(l2PenaltyOp, [theta, lambda]);
}

export const batchMeanOp: StructuralOp = {
  name: 'batchMean',
  kind: 'structural',
  shape([x, batch]) {
    checkBatch('batchMean', batch);
    if (x.cols !== 1) throw new Error(`batchMean: x must be [${x.rows}, 1], one value a row, got ${shapeOf(x)}`);
    return { rows: 1, cols: 1, dtype: 'f32' };
  },
  gradient: (dy, _y, [x, batch]) => [perExample(expand(dy, x), batch), undefined],
};

/** The mean of x [m, 1] over the valid rows of the batch: [1, 1]. */
export function batchMean(x: Tensor, batch: Tensor): Tensor {
  return x.trace.apply(batchMeanOp, [x, batch]);
}

export const perExampleOp = elementwise('perExample(dy)', perExampleWgsl, {
  words: true,
  gradient: (dy, _y, [, batch]) => [perExample(dy, batch), undefined],
  shape([dy, batch]) {
    checkBatch('perExample', batch);
    return { rows: dy.rows, cols: dy.cols, dtype: 'f32' };
  },
});

/** dy [m, n] / number of valid rows in the valid rows of the batch, 0 in the rows after them: the gradient of `batchMean`, and its own. */
export function perExample(dy: Tensor, batch: Tensor): Tensor {
  return dy.trace.apply(perExampleOp, [dy, batch]);
}

export const tileSumsOp: StructuralOp = {
  name: 'tileSums',
  kind: 'structural',
  shape([x, batch]) {
    checkBatch('tileSums', batch);
    return { rows: Math.ceil(x.rows / TILE_ROWS), cols: 1, dtype: 'f32' };
  },
};

/**
 * The sums of every 64 rows of x, valid rows of the batch only, each times its weight if there are `weights` [m, 1]:
 * [m, n] -> [ceil(m / 64), 1]. Not differentiable.
 */
export function tileSums(x: Tensor, batch: Tensor, weights?: Tensor): Tensor {
  return x.trace.apply(tileSumsOp, [weights ? multiply(x, weights) : x, batch]);
}
