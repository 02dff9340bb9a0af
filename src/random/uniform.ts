import { type Key, philox, STREAMS } from './philox.js';

/**
 * Fills `out` with uniform numbers and returns it: element i is low + (high - low) * u in float64, rounded to float32,
 * with u = (word >>> 8) * 2^-24 in [0, 1). The word is word i mod 4 of Philox4x32-10 under `key` at the counter
 * (floor(i / 4), 0, layer | 1 << 24, 0). Rounding may give `high` itself.
 *
 * @param layer index of the parameter tensor, in [0, 2^24)
 */
export function fillUniform(out: Float32Array, low: number, high: number, key: Key, layer: number): Float32Array {
  const words = new Uint32Array(4);
  for (let i = 0; i < out.length; i++) {
    if (i % 4 === 0) philox(i / 4, 0, layer | (STREAMS.initialisation << 24), 0, key, words);
    out[i] = low + (high - low) * ((words[i % 4] >>> 8) * 2 ** -24);
  }
  return out;
}

/**
 * Fills `out` with normal numbers and returns it: element i is mean + deviation * sqrt(-2 ln u1) * cos(2 pi u2) in
 * float64, rounded to float32, with u1 = (word0 + 1) * 2^-32 in (0, 1] and u2 = word1 * 2^-32 in [0, 1). The words are
 * words 2 (i mod 2) and 2 (i mod 2) + 1 of Philox4x32-10 under `key` at the counter
 * (floor(i / 2), 0, layer | 1 << 24, 0). No element is further than 6.67 deviations from the mean.
 *
 * JavaScript does not fix the last bit of `Math.log` and `Math.cos`: two engines may differ by one float32 rounding.
 * Source: Box and Muller, "A note on the generation of random normal deviates" (1958).
 *
 * @param layer index of the parameter tensor, in [0, 2^24)
 */
export function fillNormal(out: Float32Array, mean: number, deviation: number, key: Key, layer: number): Float32Array {
  const words = new Uint32Array(4);
  for (let i = 0; i < out.length; i++) {
    if (i % 2 === 0) philox(i / 2, 0, layer | (STREAMS.initialisation << 24), 0, key, words);
    const first = 2 * (i % 2);
    const u1 = (words[first] + 1) * 2 ** -32;
    const u2 = words[first + 1] * 2 ** -32;
    out[i] = mean + deviation * Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2);
  }
  return out;
}
