import { philox } from './philox.js';

/**
 * The words of a random source, as they lie in the step table: the member's seed (low, high), the optimiser's step,
 * layer | stream << 24, the sample, the dropout threshold, f32(1 / (1 - p)) as bits, and how many rows of the mask lie
 * before the first one of the batch.
 */
export const SOURCE_WORDS = 8;

/**
 * The integer below which a random word means "dropped": round(p · 2^32).
 * An element is dropped with probability exactly threshold / 2^32.
 */
export function dropoutThreshold(p: number): number {
  return Math.round(p * 2 ** 32);
}

const quadWords = new Uint32Array(4);

/** The random word that decides the element at (row, col) of a batch with `cols` columns (see DESIGN, Randomness). */
export function maskWord(words: ArrayLike<number>, row: number, col: number, cols: number): number {
  const quad = (row + words[7]) * Math.ceil(cols / 4) + (col >>> 2);
  philox(quad >>> 0, words[2], words[3], words[4], [words[0], words[1]], quadWords);
  return quadWords[col & 3];
}
