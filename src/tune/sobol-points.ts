import { directionNumbers, SOBOL_DIMENSIONS } from './sobol-directions.js';

/**
 * Returns the first `count` points of Sobol's sequence, as [count, dimensions], multiples of 2^-32 in [0, 1). Of the first
 * 2^m, every interval [i, i + 1) · 2^-m of every dimension holds one.
 *
 * With `random` the sequence is scrambled, which keeps that property and makes every point uniform: each dimension's digits
 * are multiplied by a random lower triangular matrix with ones on its diagonal, and a random word is added to them (modulo 2).
 * Sources: Sobol (1967) in the order of Antonov and Saleev (1979); Matoušek, "On the L2-discrepancy for anchored boxes"
 * (1998).
 * @param random draws numbers in [0, 1), multiples of 2^-32
 * @throws RangeError naming `where` if there are more than 21 dimensions
 */
export function sobolPoints(where: string, dimensions: number, count: number, random?: () => number): number[][] {
  if (dimensions > SOBOL_DIMENSIONS) {
    throw new RangeError(
      `${where}: Sobol points have at most ${SOBOL_DIMENSIONS} dimensions, but the space has ${dimensions}`,
    );
  }
  const word = () => (random ? random() * 2 ** 32 : 0);
  const axes = Array.from({ length: dimensions }, (_, dimension) => {
    const directions = directionNumbers(dimension);
    return { directions: random ? scramble(directions, word) : directions, shift: word() };
  });
  return Array.from({ length: count }, (_, i) => axes.map(({ directions, shift }) => pointAt(i, directions, shift)));
}

/** Point `i` of a dimension: the sum, modulo 2, of the direction numbers that the bits of i's Gray code select. */
function pointAt(i: number, directions: Uint32Array, shift: number): number {
  let x = shift;
  for (let gray = i ^ (i >>> 1), k = 0; gray !== 0; gray >>>= 1, k++) if (gray & 1) x ^= directions[k];
  return (x >>> 0) * 2 ** -32;
}

/** The direction numbers times a random matrix: digit r of each becomes itself plus some of those before it. */
function scramble(directions: Uint32Array, word: () => number): Uint32Array {
  const scrambled = new Uint32Array(directions.length);
  for (let r = 0; r < 32; r++) {
    const diagonal = 2 ** (31 - r);
    const before = 2 ** 32 - 2 * diagonal;
    const row = (word() & before) | diagonal;
    for (const [k, v] of directions.entries()) if (isOdd(row & v)) scrambled[k] |= diagonal;
  }
  return scrambled;
}

/** True if a word has an odd number of ones. */
function isOdd(word: number): boolean {
  for (const half of [16, 8, 4, 2, 1]) word ^= word >>> half;
  return (word & 1) === 1;
}
