import { checkBatch, inverseCount, validRows } from './batch.js';
import { expand } from './expand.js';
import type { StructuralOp } from './op.js';
import { perExample } from './per-example.js';
import { roundedProduct } from './rounding.js';
import { sumInto } from './sum.js';
import { shapeOf, type Tensor } from './tensor.js';

export const batchMeanOp: StructuralOp = {
  name: 'batchMean',
  kind: 'structural',
  shape([x, batch]) {
    checkBatch('batchMean', batch);
    if (x.cols !== 1) throw new Error(`batchMean: x must be [${x.rows}, 1], one value a row, got ${shapeOf(x)}`);
    return { rows: 1, cols: 1, dtype: 'f32' };
  },
  evaluate([x, batch], y) {
    const rows = validRows(batch.data, x.rows);
    const sum = { rows: 1, cols: 1, data: new Float64Array(1), error: new Float64Array(1) };
    sumInto(x, sum, { toRow: () => 0, perCol: 0, rows });
    const inverse = inverseCount(batch.data);
    y.data[0] = sum.data[0] * inverse;
    if (y.error) y.error[0] = roundedProduct(sum.data[0], sum.error[0], inverse, 0);
  },
  gradient: (dy, _y, [x, batch]) => [perExample(expand(dy, x), batch), undefined],
};

/** The mean of x [m, 1] over the valid rows of the batch: [1, 1]. */
export function batchMean(x: Tensor, batch: Tensor): Tensor {
  return x.trace.apply(batchMeanOp, [x, batch]);
}
