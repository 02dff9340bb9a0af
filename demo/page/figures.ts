/** A loss, short: three places, or a power of ten where there is little left; with a true minus sign. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 5e-4 || size >= 1000) ? value.toExponential(1) : value.toFixed(3);
  return text.replaceAll('-', '−');
}

/** A share of 1 as a percentage, on one line. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)}\u00a0%`;
}

/** A whole number with its thousands apart. */
export const count = (value: number) => value.toLocaleString('en');

/** A knob's value with no more digits than it needs. */
export const tidy = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−');

/** Bytes in a unit that suits them. */
export function bytes(value: number): string {
  if (value < 1e3) return `${value} B`;
  return value < 1e6 ? `${(value / 1e3).toFixed(0)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}
