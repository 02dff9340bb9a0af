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
