/** Returns a loss with three decimals, or as a power of ten if it is tiny; with a true minus sign. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 5e-4 || size >= 1000) ? value.toExponential(1) : value.toFixed(3);
  return text.replaceAll('-', '−');
}

/** Returns a share of 1 as a percentage that does not wrap. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)}\u00a0%`;
}

/** Returns a whole number with separated thousands. */
export const count = (value: number) => value.toLocaleString('en');

/** Returns a knob's value with no more digits than it needs. */
export const tidy = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−');

/** Returns bytes in a fitting unit. */
export function bytes(value: number): string {
  if (value < 1e3) return `${value} B`;
  return value < 1e6 ? `${(value / 1e3).toFixed(0)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** Returns seconds in words. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
