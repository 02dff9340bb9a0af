import perExampleWgsl from '../../shaders/ops/per-example.wgsl?raw';
import { checkBatch } from './batch.js';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const perExampleOp = elementwise({
  name: 'perExample',
  wgsl: perExampleWgsl,
  words: true,
  shape([dy, batch]) {
    checkBatch('perExample', batch);
    return { rows: dy.rows, cols: dy.cols, dtype: 'f32' };
  },
});

/** dy [m, n] / number of valid rows in the valid rows of the batch, 0 in those behind them: the gradient of `batchMean`. */
export function perExample(dy: Tensor, batch: Tensor): Tensor {
  return dy.trace.apply(perExampleOp, [dy, batch]);
}
