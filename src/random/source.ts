import { philox } from './philox.js';

/**
 * Words of a random source in the step table: the member's seed (low, high), the optimiser's step, layer | stream << 24,
 * the sample, the dropout threshold, the bits of f32(1 / (1 - p)), and the number of rows of the mask before the first one
 * of the batch.
 */
export const SOURCE_WORDS = 8;

/**
 * Returns round(p · 2^32): an element is dropped if its random word is below it, so with probability threshold / 2^32
 * exactly.
 */
export function dropoutThreshold(p: number): number {
  return Math.round(p * 2 ** 32);
}

const quadWords = new Uint32Array(4);

/** Returns the random word, of draw number `draw`, of the element at (row, col) of a batch with `cols` columns. */
export function maskWord(words: ArrayLike<number>, row: number, col: number, cols: number, draw = 0): number {
  const quad = (row + words[7]) * Math.ceil(cols / 4) + (col >>> 2);
  philox(quad >>> 0, words[2], words[3] + (draw << 16), words[4], [words[0], words[1]], quadWords);
  return quadWords[col & 3];
}
