import { type Key, philox, STREAMS } from '../random/philox.js';

/**
 * Returns the numbers that a strategy draws in one round, multiples of 2^-32 in [0, 1): number i is word i mod 4 of
 * Philox4x32-10 under `key`, the search's seed, at the counter (floor(i / 4), round, 4 << 24, 0), times 2^-32. What is
 * returned by another call begins with number 0 again.
 * @param round rounds done, in [0, 2^32)
 */
export function stateRandom(key: Key, round: number): () => number {
  const words = new Uint32Array(4);
  let drawn = 0;
  return () => {
    if (drawn % 4 === 0) philox(drawn / 4, round, STREAMS.search << 24, 0, key, words);
    return words[drawn++ % 4] * 2 ** -32;
  };
}
