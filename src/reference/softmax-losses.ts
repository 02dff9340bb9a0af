import type { StructuralReference, Values } from '../ops/tensor.js';
import { gamma, productError, rounded, roundedProduct, saturated, sumError, TINY } from './rounding.js';
import { SoftmaxRow } from './softmax-row.js';

const softmaxCrossEntropy: StructuralReference = {
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

/** Returns the reference of a gradient of logits: `fill` computes a row of it, which is exactly 0 where `drow` is. */
const logitsGradient = (
  fill: (row: SoftmaxRow, targets: Values, y: Values, i: number, d: number, ed: number) => void,
): StructuralReference => ({
  evaluate([drow, logits, targets], y) {
    const { cols } = logits;
    const row = new SoftmaxRow(cols);
    for (let i = 0; i < logits.rows; i++) {
      const d = drow.data[i];
      const ed = drow.error?.[i] ?? 0;
      if (d === 0 && ed === 0) {
        y.data.fill(0, i * cols, (i + 1) * cols); // a row after the valid ones
        y.error?.fill(0, i * cols, (i + 1) * cols);
        continue;
      }
      row.load(logits, i, y.error !== undefined);
      fill(row, targets, y, i, d, ed);
    }
  },
});

const softmaxCrossEntropyGradient = logitsGradient((row, labels, y, i, d, ed) => {
  const { cols } = y;
  for (let j = 0; j < cols; j++) {
    const target = j === labels.data[i] ? 1 : 0;
    const slope = row.p[j] - target;
    y.data[i * cols + j] = slope * d;
    if (!y.error) continue;
    const slopeError = rounded(row.p[j] + target, row.pError[j]);
    y.error[i * cols + j] = roundedProduct(slope, slopeError, d, ed);
  }
});

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

const softTargetCrossEntropy: StructuralReference = {
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

const softTargetCrossEntropyGradient = logitsGradient((row, targets, y, i, d, ed) => {
  const { cols } = y;
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
    const size = Math.abs(row.p[j] * sum) + Math.abs(t);
    const slopeError = saturated(size, reach + gamma(2) * (size + reach) + 2 * TINY);
    y.error[i * cols + j] = roundedProduct(slope, slopeError, d, ed);
  }
});

/** Returns (1 - smoothing) · onehot(labels) + smoothing / n, with a bound on its roundings and on those of its products. */
function smoothedTargets({ rows, cols }: Values, { data: labels }: Values, { data: [smoothing] }: Values): Values {
  const other = smoothing / cols;
  const data = new Float64Array(rows * cols).fill(other);
  for (let i = 0; i < rows; i++) data[i * cols + labels[i]] = 1 - smoothing + other;
  return { rows, cols, data, error: data.map((target) => gamma(8) * target) };
}

const smoothedCrossEntropy: StructuralReference = {
  evaluate([logits, labels, smoothing], y, attributes) {
    softTargetCrossEntropy.evaluate([logits, smoothedTargets(logits, labels, smoothing)], y, attributes);
  },
};

const smoothedCrossEntropyGradient: StructuralReference = {
  evaluate([drow, logits, labels, smoothing], y, attributes) {
    softTargetCrossEntropyGradient.evaluate([drow, logits, smoothedTargets(logits, labels, smoothing)], y, attributes);
  },
};

/** Returns the first column with the largest value of a row. */
function firstLargest({ data, cols }: Values, row: number): number {
  let best = 0;
  for (let col = 1; col < cols; col++) if (data[row * cols + col] > data[row * cols + best]) best = col;
  return best;
}

/** Marks the columns that may hold a row's first largest value when each value is known within its error. */
function contenders(x: Values, row: number, marked: Uint8Array): void {
  const { data, error, cols } = x;
  const best = firstLargest(x, row);
  const start = row * cols;
  if (!error) {
    marked.fill(0);
    marked[best] = 1;
    return;
  }
  let surely = -Infinity; // the largest value is at least this
  for (let col = 0; col < cols; col++) surely = Math.max(surely, data[start + col] - error[start + col]);
  for (let col = 0; col < cols; col++) {
    const highest = data[start + col] + error[start + col];
    const tie = highest === surely && error[start + col] + error[start + best] > 0;
    marked[col] = col === best || highest > surely || tie ? 1 : 0;
  }
}

/** Bound on the error of a hit: 0 if both sides have one contender, or none in common; else 1. */
function hitError(a: Uint8Array, b: Uint8Array): number {
  let common = 0;
  let any = 0;
  for (let col = 0; col < a.length; col++) {
    common += a[col] & b[col];
    any += a[col] | b[col];
  }
  return common === 0 || any === 1 ? 0 : 1;
}

/** Returns the reference of hits: `wantedOf` gives the column wanted in a row, `mark` marks those that it may be. */
const hits = (
  wantedOf: (wanted: Values, row: number) => number,
  mark: (wanted: Values, row: number, marked: Uint8Array) => void,
): StructuralReference => ({
  evaluate([logits, wanted], y) {
    const found = new Uint8Array(logits.cols);
    const marked = new Uint8Array(logits.cols);
    for (let row = 0; row < logits.rows; row++) {
      y.data[row] = firstLargest(logits, row) === wantedOf(wanted, row) ? 1 : 0;
      if (!y.error) continue;
      contenders(logits, row, found);
      mark(wanted, row, marked);
      y.error[row] = hitError(found, marked);
    }
  },
});

const labelOf = ({ data }: Values, row: number) => data[row];
const correct = hits(labelOf, (labels, row, marked) => {
  marked.fill(0)[labelOf(labels, row)] = 1;
});
const softCorrect = hits(firstLargest, contenders);

export const softmaxLosses = {
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  smoothedCrossEntropy,
  smoothedCrossEntropyGradient,
  softTargetCrossEntropy,
  softTargetCrossEntropyGradient,
  correct,
  softCorrect,
};
