import type { StructuralReference, Values } from './op.js';
import { gamma, productError, roundedProduct, sumError, TINY } from './rounding.js';
import { SoftmaxRow } from './softmax.js';

/** Bound on the error of Σ t·(log-sum-exp - z) in a row, computed in any order; `sum` is Σ|t| with its bound added. */
function lossError(row: SoftmaxRow, targets: Values, start: number, sum: number): number {
  const { cols, z, e, logSum, logSumError, largest, largestError } = row;
  let reach = 0;
  let magnitude = sum * (logSum + 2 * Math.abs(largest) + 4 * largestError + logSumError);
  for (let j = 0; j < cols; j++) {
    const t = Math.abs(targets.data[start + j]);
    const et = targets.error?.[start + j] ?? 0;
    reach += t * row.reach(j) + et * (Math.abs(logSum + largest - z[j]) + row.reach(j));
    magnitude += (t + et) * (Math.abs(z[j]) + e[j]);
  }
  return sumError(cols + 4, magnitude, reach + sum * logSumError) + 2 * TINY * sum;
}

export const softTargetCrossEntropyReference: StructuralReference = {
  evaluate([logits, targets], y) {
    const { cols } = logits;
    const row = new SoftmaxRow(cols);
    for (let i = 0; i < logits.rows; i++) {
      row.load(logits, i, y.error !== undefined);
      let loss = 0;
      let sum = 0;
      for (let j = 0; j < cols; j++) {
        const t = targets.data[i * cols + j];
        loss += t * (row.logSum - (row.z[j] - row.largest));
        sum += Math.abs(t) + (targets.error?.[i * cols + j] ?? 0);
      }
      y.data[i] = loss;
      if (y.error) y.error[i] = lossError(row, targets, i * cols, sum);
    }
  },
};

export const softTargetCrossEntropyGradientReference: StructuralReference = {
  evaluate([drow, logits, targets], y) {
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
      let sum = 0;
      let magnitude = 0;
      let error = 0;
      for (let j = 0; j < cols; j++) {
        sum += targets.data[i * cols + j];
        magnitude += Math.abs(targets.data[i * cols + j]);
        error += targets.error?.[i * cols + j] ?? 0;
      }
      const sumBound = sumError(cols, magnitude, error);
      for (let j = 0; j < cols; j++) {
        const t = targets.data[i * cols + j];
        const et = targets.error?.[i * cols + j] ?? 0;
        const slope = row.p[j] * sum - t;
        y.data[i * cols + j] = slope * d;
        if (!y.error) continue;
        const reach = productError(row.p[j], row.pError[j], sum, sumBound) + et;
        const slopeError = reach + gamma(2) * (Math.abs(row.p[j] * sum) + Math.abs(t) + reach) + 2 * TINY;
        y.error[i * cols + j] = roundedProduct(slope, slopeError, d, ed);
      }
    }
  },
};
