import { elementwise } from './elementwise.js';
import { rounded } from './rounding.js';
import { shapeOf, type Tensor } from './tensor.js';

export const biasOp = elementwise({
  name: 'bias',
  shape([x, b]) {
    if (b.rows !== 1 || b.cols !== x.cols) {
      throw new Error(`bias: x ${shapeOf(x)} needs a bias of [1, ${x.cols}], got ${shapeOf(b)}`);
    }
    return { rows: x.rows, cols: x.cols, dtype: 'f32' };
  },
  value: (x) => x[0] + x[1],
  error: (_x, e, y) => rounded(y, e[0] + e[1]),
  gradient: (dy) => [dy, dy],
});

/** x + b with the same b [1, n] for every row of x [m, n]. Apart from `add`, so that a dense layer is recognised. */
export function bias(x: Tensor, b: Tensor): Tensor {
  return x.trace.apply(biasOp, [x, b]);
}
