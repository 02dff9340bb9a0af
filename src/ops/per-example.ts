import { checkBatch, inverseCount } from './batch.js';
import { elementwise } from './elementwise.js';
import { rounded } from './rounding.js';
import type { Tensor } from './tensor.js';

export const perExampleOp = elementwise({
  name: 'perExample',
  words: true,
  shape([dy, batch]) {
    checkBatch('perExample', batch);
    return { rows: dy.rows, cols: dy.cols, dtype: 'f32' };
  },
  value: (x, at) => (at.row < at.words[0] ? x[0] * inverseCount(at.words) : 0),
  error: (_x, e, y, at) => (at.row < at.words[0] ? rounded(y, e[0] * inverseCount(at.words)) : 0),
});

/** dy [m, n] / number of valid rows in the valid rows of the batch, 0 in those behind them: the gradient of `batchMean`. */
export function perExample(dy: Tensor, batch: Tensor): Tensor {
  return dy.trace.apply(perExampleOp, [dy, batch]);
}
