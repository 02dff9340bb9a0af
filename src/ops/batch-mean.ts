import { checkBatch } from './batch.js';
import { expand } from './expand.js';
import type { StructuralOp } from './op.js';
import { perExample } from './per-example.js';
import { shapeOf, type Tensor } from './tensor.js';

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
