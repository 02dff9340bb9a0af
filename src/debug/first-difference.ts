/**
 * Returns the first place at which two float results differ in a bit, -1 if there is none. Zeros of either sign are equal: a sum
 * begins at +0, but a compiler may make its first step a product alone, which may be -0.
 */
export function firstDifference(a: Uint32Array, b: Uint32Array): number {
  const index = a.findIndex((word, i) => word !== b[i] && (word | (b[i] ?? 1)) << 1 !== 0);
  return index < 0 && a.length < b.length ? a.length : index;
}
