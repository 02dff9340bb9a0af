import type { StructuralReference } from './op.js';
import { gamma, rounded, roundedProduct, TINY } from './rounding.js';
import { SoftmaxRow } from './softmax.js';

export const softmaxCrossEntropyReference: StructuralReference = {
  evaluate([logits, labels], y) {
    const row = new SoftmaxRow(logits.cols);
    for (let i = 0; i < logits.rows; i++) {
      row.load(logits, i, y.error !== undefined);
      const label = labels.data[i];
      y.data[i] = row.logSum - (row.z[label] - row.largest);
      if (!y.error) continue;
      // log S - (z - max), which an implementation may add up in another order.
      const magnitude = row.logSum + Math.abs(row.z[label]) + Math.abs(row.largest) + 4 * row.largestError;
      y.error[i] = row.reach(label) + row.logSumError + gamma(3) * magnitude + 4 * TINY;
    }
  },
};

export const softmaxCrossEntropyGradientReference: StructuralReference = {
  evaluate([drow, logits, labels], y) {
    const { cols } = logits;
    const row = new SoftmaxRow(cols);
    for (let i = 0; i < logits.rows; i++) {
      const d = drow.data[i];
      const ed = drow.error?.[i] ?? 0;
      if (d === 0 && ed === 0) {
        y.data.fill(0, i * cols, (i + 1) * cols); // a row behind the valid ones: exactly 0
        y.error?.fill(0, i * cols, (i + 1) * cols);
        continue;
      }
      row.load(logits, i, y.error !== undefined);
      for (let j = 0; j < cols; j++) {
        const target = j === labels.data[i] ? 1 : 0;
        const slope = row.p[j] - target;
        y.data[i * cols + j] = slope * d;
        if (!y.error) continue;
        const slopeError = rounded(row.p[j] + target, row.pError[j]);
        y.error[i * cols + j] = roundedProduct(slope, slopeError, d, ed);
      }
    }
  },
};
