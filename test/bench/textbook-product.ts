import type { Product } from './contender.js';

/** Rows of a product in float64 and what float32 may be off. */
export interface ProductTruth {
  readonly size: number;
  readonly rows: readonly number[];
  /** [rows, size]. */
  readonly values: Float64Array;
  /**
   * Error bound of each element: 2^-24 for each of the k products and k sums, of the sum of magnitudes (Higham 2002,
   * (3.5)).
   */
  readonly allowed: Float64Array;
}

/** Larger products are checked in some rows only: float64 would take minutes. */
const LARGEST = 1024;
const ROWS = 32;

/** a · b, a · bᵀ or aᵀ · b in float64: all rows of it, or the first, the last and others between them. */
export function multiplyTextbook({ form, size, a, b }: Product): ProductTruth {
  const count = size <= LARGEST ? size : ROWS;
  const rows = Array.from({ length: count }, (_, i) => Math.round((i * (size - 1)) / Math.max(1, count - 1)));
  const left = form === 'tn' ? transposed(a, size) : a;
  const right = form === 'nt' ? transposed(b, size) : b;
  const values = new Float64Array(count * size);
  const allowed = new Float64Array(count * size);
  for (const [i, row] of rows.entries()) {
    const sums = values.subarray(i * size, (i + 1) * size);
    const magnitudes = allowed.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < size; k++) {
      const factor = left[row * size + k];
      const offset = k * size;
      for (let j = 0; j < size; j++) {
        const term = factor * right[offset + j];
        sums[j] += term;
        magnitudes[j] += Math.abs(term);
      }
    }
  }
  const unit = 2 * size * 2 ** -24;
  for (let i = 0; i < allowed.length; i++) allowed[i] *= unit;
  return { size, rows, values, allowed };
}

function transposed(matrix: Float32Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) result[j * size + i] = matrix[i * size + j];
  return result;
}

/** The largest error of a product, as a share of what it may be off; NaN if an element is none. */
export function productError(found: ArrayLike<number>, { size, rows, values, allowed }: ProductTruth): number {
  if (found.length !== size * size) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      worst = Math.max(worst, Math.abs(found[row * size + j] - values[at]) / allowed[at]); // NaN if any is
    }
  }
  return worst;
}
