import type { Product } from './contender.js';

/** A product in float64 and what float32 may be off. */
export interface ProductTruth {
  readonly values: Float64Array;
  /** By element: 2^-24 for each of the k products and k sums, of the sum of magnitudes (Higham 2002, (3.5)). */
  readonly allowed: Float64Array;
}

/** a · b, a · bᵀ or aᵀ · b in float64. */
export function multiplyTextbook({ form, size, a, b }: Product): ProductTruth {
  const left = form === 'tn' ? transposed(a, size) : a;
  const right = form === 'nt' ? transposed(b, size) : b;
  const values = new Float64Array(size * size);
  const allowed = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = values.subarray(i * size, (i + 1) * size);
    const magnitudes = allowed.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < size; k++) {
      const factor = left[i * size + k];
      const offset = k * size;
      for (let j = 0; j < size; j++) {
        const term = factor * right[offset + j];
        row[j] += term;
        magnitudes[j] += Math.abs(term);
      }
    }
  }
  const unit = 2 * size * 2 ** -24;
  for (let i = 0; i < allowed.length; i++) allowed[i] *= unit;
  return { values, allowed };
}

function transposed(matrix: Float32Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) result[j * size + i] = matrix[i * size + j];
  return result;
}

/** The largest error of a product, as a share of what it may be off; NaN counts as wrong. */
export function productError(found: ArrayLike<number>, { values, allowed }: ProductTruth): number {
  if (found.length !== values.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const share = Math.abs(found[i] - values[i]) / allowed[i];
    if (!(share <= worst)) worst = share;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}
