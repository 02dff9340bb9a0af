import { inverseCount, validRows } from './batch.js';
import type { StructuralReference } from './op.js';
import { roundedProduct } from './rounding.js';
import { sumInto } from './sum-reference.js';

export const batchMeanReference: StructuralReference = {
  evaluate([x, batch], y) {
    const rows = validRows(batch.data, x.rows);
    const sum = { rows: 1, cols: 1, data: new Float64Array(1), error: new Float64Array(1) };
    sumInto(x, sum, { toRow: () => 0, perCol: 0, rows });
    const inverse = inverseCount(batch.data);
    y.data[0] = sum.data[0] * inverse;
    if (y.error) y.error[0] = roundedProduct(sum.data[0], sum.error[0], inverse, 0);
  },
};
