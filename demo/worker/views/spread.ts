/** Returns mean and standard deviation of each element over samples of equal length. */
export function spread(samples: readonly Float32Array[]): { mean: Float32Array; deviation: Float32Array } {
  const mean = samples[0].map((_, i) => samples.reduce((sum, each) => sum + each[i], 0) / samples.length);
  const deviation = mean.map((center, i) =>
    Math.sqrt(samples.reduce((sum, each) => sum + (each[i] - center) ** 2, 0) / samples.length),
  );
  return { mean, deviation };
}
