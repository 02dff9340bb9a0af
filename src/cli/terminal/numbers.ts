/** Returns `60000` as `60,000`. */
export const count = (n: number) => n.toLocaleString('en-US');

/** Returns a share in percent, `0.97123` as `97.12 %`. */
export const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Returns a share in percent, any other number with four significant digits. */
export const shareOr = (value: number, share: boolean) => (share ? percent(value) : short(value));

/** Returns a number in at most four significant digits: 1e-6, 0.25, 128. */
export function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const near = Number(value.toPrecision(4));
  return near !== 0 && Math.abs(near) < 1e-3 ? near.toExponential() : String(near);
}

/** Returns a number with four significant digits, `0.0123456` as `0.01235`; very large and small ones as `1.235e-9`. */
export function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(3);
  return value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size))));
}

/** Returns a duration: `0.42 s`, `12.3 s`, `3 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Returns the median of `values`; NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}
