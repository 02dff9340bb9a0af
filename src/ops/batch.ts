import { floatFromBits } from './leaves.js';
import { shapeOf, type Tensor } from './tensor.js';

/** Words of a batch in the step table: the number of valid rows, and the bits of f32(1 / that number). */
export const BATCH_WORDS = 2;

/** Returns the number of valid rows among `rows`; the rows after them only fill up the last batch of an epoch. */
export function validRows(words: ArrayLike<number>, rows: number): number {
  return Math.min(words[0], rows);
}

/** Returns f32(1 / number of valid rows). */
export function inverseCount(words: ArrayLike<number>): number {
  return floatFromBits(words[1]);
}

/** Rows in one sum of `tileSums`. */
export const TILE_ROWS = 64;

/** @throws Error naming the op if `batch` is not u32 words [1, 2]. */
export function checkBatch(name: string, batch: Tensor): void {
  if (batch.dtype !== 'u32' || batch.rows !== 1 || batch.cols !== BATCH_WORDS) {
    throw new Error(`${name}: batch must be u32 words [1, ${BATCH_WORDS}], got ${batch.dtype} ${shapeOf(batch)}`);
  }
}
