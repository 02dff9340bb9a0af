/**
 * Returns the mistake in two samples of dropout at `rate` of an array of ones; undefined if there is none. Kept
 * elements must be 1 / (1 - rate), their share must be within six standard deviations of 1 - rate, and the samples must
 * differ.
 */
export function dropoutFault(rate: number, first: ArrayLike<number>, second: ArrayLike<number>): string | undefined {
  const scale = 1 / (1 - rate);
  let [kept, same] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (first[i] !== 0 && !(Math.abs(first[i] - scale) <= 2 ** -22 * scale)) return `dropout: 1 became ${first[i]}`;
    if (first[i] !== 0) kept++;
    if (first[i] === second[i]) same++;
  }
  const deviation = Math.sqrt(rate * (1 - rate) * first.length);
  if (Math.abs(kept - (1 - rate) * first.length) > 6 * deviation) return `dropout: ${kept} of ${first.length} are kept`;
  if (same === first.length) return 'dropout: two masks are the same';
  return undefined;
}
