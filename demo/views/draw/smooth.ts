/** Returns the exponential moving average, which starts at the first value; `weight` 0 changes nothing. */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let mean: number | undefined;
  return values.map((value) => {
    if (value === null) return null;
    mean = mean === undefined ? value : weight * mean + (1 - weight) * value;
    return mean;
  });
}
