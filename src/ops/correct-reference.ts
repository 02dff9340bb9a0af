import type { StructuralReference, Values } from './op.js';

/** The first column with the largest value of a row. */
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
  let surely = -Infinity; // what the largest value is at least
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

export const correctReference: StructuralReference = {
  evaluate([logits, labels], y) {
    const found = new Uint8Array(logits.cols);
    const wanted = new Uint8Array(logits.cols);
    for (let row = 0; row < logits.rows; row++) {
      const label = labels.data[row];
      y.data[row] = firstLargest(logits, row) === label ? 1 : 0;
      if (!y.error) continue;
      contenders(logits, row, found);
      wanted.fill(0)[label] = 1;
      y.error[row] = hitError(found, wanted);
    }
  },
};

export const softCorrectReference: StructuralReference = {
  evaluate([logits, targets], y) {
    const found = new Uint8Array(logits.cols);
    const wanted = new Uint8Array(logits.cols);
    for (let row = 0; row < logits.rows; row++) {
      y.data[row] = firstLargest(logits, row) === firstLargest(targets, row) ? 1 : 0;
      if (!y.error) continue;
      contenders(logits, row, found);
      contenders(targets, row, wanted);
      y.error[row] = hitError(found, wanted);
    }
  },
};
