/**
 * Returns a generator of uniform numbers in [0, 1), a different one for each pair of a seed, any safe integer, and a
 * stream. Source: Tommy Ettinger's mulberry32 (public domain). It is good enough for points of a plane; training uses
 * the library's.
 */
export function uniform(seed: number, stream = 0): () => number {
  let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9) ^ Math.imul(stream, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns a generator of standard normal numbers. Source: Box and Muller (1958). */
export function normal(draw: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
