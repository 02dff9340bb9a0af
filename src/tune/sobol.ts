import { checkPopulation, type Proposal, type SearchState, type Strategy, startAll } from './strategy.js';

/**
 * Like `random`, but the configurations are scrambled Sobol points, which leave no part of the space out: best with a
 * `population` that is a power of 2. At most 21 dimensions.
 * Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008).
 */
export function sobol(): Strategy {
  return startAll('sobol', {}, (state) => sobolProposals('sobol', state));
}

/** Configurations at scrambled Sobol points. @throws TypeError without a population, RangeError for 22 dimensions or more */
export function sobolProposals(where: string, { space, population, random }: SearchState): Proposal[] {
  const { dimensions } = space;
  const points = sobolPoints(where, dimensions.length, checkPopulation(where, population), random);
  return points.map((point) => ({
    config: space.configuration(dimensions.map(({ distribution }, i) => distribution.at(point[i]))),
  }));
}

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

/** One dimension of Sobol's sequence: its primitive polynomial and the first of its direction numbers. */
interface Initial {
  /** The coefficients of x^(s - 1) to x of the polynomial of degree s, as bits; those of x^s and 1 are 1. */
  readonly a: number;
  /** The odd numbers m_1 to m_s, with m_k < 2^k. */
  readonly m: readonly number[];
}

/**
 * Dimensions 2 to 21; the first one is van der Corput's sequence.
 * Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30
 * (2008), the table new-joe-kuo-6.21201.
 */
const INITIAL: readonly Initial[] = [
  { a: 0, m: [1] },
  { a: 1, m: [1, 3] },
  { a: 1, m: [1, 3, 1] },
  { a: 2, m: [1, 1, 1] },
  { a: 1, m: [1, 1, 3, 3] },
  { a: 4, m: [1, 3, 5, 13] },
  { a: 2, m: [1, 1, 5, 5, 17] },
  { a: 4, m: [1, 1, 5, 5, 5] },
  { a: 7, m: [1, 1, 7, 11, 19] },
  { a: 11, m: [1, 1, 5, 1, 1] },
  { a: 13, m: [1, 1, 1, 3, 11] },
  { a: 14, m: [1, 3, 5, 5, 31] },
  { a: 1, m: [1, 3, 3, 9, 7, 49] },
  { a: 13, m: [1, 1, 1, 15, 21, 21] },
  { a: 16, m: [1, 3, 1, 13, 27, 49] },
  { a: 19, m: [1, 1, 1, 15, 7, 5] },
  { a: 22, m: [1, 3, 1, 15, 13, 25] },
  { a: 25, m: [1, 1, 5, 5, 19, 61] },
  { a: 1, m: [1, 3, 7, 11, 23, 15, 103] },
  { a: 4, m: [1, 3, 7, 13, 13, 15, 69] },
];

/** The number of dimensions with direction numbers. */
export const SOBOL_DIMENSIONS = INITIAL.length + 1;

/**
 * The 32 direction numbers of a dimension, counted from 0, as u32: v_k = m_k · 2^(32 - k), k = 1 to 32.
 * Source: Bratley and Fox, "Algorithm 659" (1988).
 */
export function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(32);
  if (dimension === 0) return v.map((_, k) => 2 ** (31 - k));
  const { a, m } = INITIAL[dimension - 1];
  const s = m.length;
  for (let k = 0; k < 32; k++) {
    if (k < s) {
      v[k] = m[k] * 2 ** (31 - k);
      continue;
    }
    v[k] = v[k - s] ^ (v[k - s] >>> s);
    for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) v[k] ^= v[k - i];
  }
  return v;
}
