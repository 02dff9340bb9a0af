/**
 * The probability that Student's t with `df` degrees of freedom lies within ±t, t >= 0.
 * Source: Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 26.7.3 for odd and 26.7.4 for even `df`.
 */
export function studentWithin(t: number, df: number): number {
  const angle = Math.atan(t / Math.sqrt(df));
  const odd = df % 2;
  let term = odd ? Math.cos(angle) : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = 2 + odd; k < df; k += 2) {
    term *= ((k - 1) / k) * Math.cos(angle) ** 2;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/** The t that Student's t with `df` degrees of freedom exceeds in size with probability 1 - level. */
export function studentQuantile(level: number, df: number): number {
  let [low, high] = [0, 1];
  while (studentWithin(high, df) < level) high *= 2;
  // Each round halves the interval: after 60 of them it is as small as float64 has it.
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, df) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean and deviation of a sample, the latter with n - 1; 0 for a sample of one. */
export function meanAndDeviation(sample: readonly number[]): { mean: number; deviation: number } {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, sample.length - 1)) };
}

/** The interval that covers the mean of what a sample of normal numbers was drawn from, in a share `level` of all runs. */
export function meanInterval(sample: readonly number[], level: number): readonly [low: number, high: number] {
  const { mean, deviation } = meanAndDeviation(sample);
  const half = (studentQuantile(level, sample.length - 1) * deviation) / Math.sqrt(sample.length);
  return [mean - half, mean + half];
}
