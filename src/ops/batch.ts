import { floatFromBits } from './leaves.js';
import { shapeOf, type Tensor } from './tensor.js';

/** The words of a batch, as they lie in the step table: the number of valid rows, and f32(1 / that number) as bits. */
export const BATCH_WORDS = 2;

/** How many of `rows` rows are valid; the rows behind them only fill the last batch of an epoch. */
export function validRows(words: ArrayLike<number>, rows: number): number {
  return Math.min(words[0], rows);
}

/** f32(1 / number of valid rows). */
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
