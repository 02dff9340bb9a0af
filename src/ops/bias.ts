import biasWgsl from '../../shaders/ops/bias.wgsl?raw';
import { elementwise } from './elementwise.js';
import { shapeOf, type Tensor } from './tensor.js';

export const biasOp = elementwise({
  name: 'bias',
  wgsl: biasWgsl,
  shape([x, b]) {
    if (b.rows !== 1 || b.cols !== x.cols) {
      throw new Error(`bias: x ${shapeOf(x)} needs a bias of [1, ${x.cols}], got ${shapeOf(b)}`);
    }
    return { rows: x.rows, cols: x.cols, dtype: 'f32' };
  },
  gradient: (dy) => [dy, dy],
});

/** x + b with the same b [1, n] for every row of x [m, n]. Apart from `add`, so that a dense layer is recognised. */
export function bias(x: Tensor, b: Tensor): Tensor {
  return x.trace.apply(biasOp, [x, b]);
}
