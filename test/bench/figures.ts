import type { Spread, Timed } from './spread.js';

/** Three significant digits: `0.0123`, `1.23`, `123`, `12,300`; nothing for no number. */
export function figure(value: number | undefined): string {
  if (value === undefined) return '';
  if (!Number.isFinite(value)) return 'none';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 3) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.max(0, 2 - size));
}

/** A count: as it is if it is whole. */
export const countOf = (value: number) => (Number.isInteger(value) ? value.toLocaleString('en-US') : figure(value));

/** `min / median / max`. */
export const spreadText = ({ min, median, max }: Spread) => `${figure(min)} / ${figure(median)} / ${figure(max)}`;

/** `7.1x (6.5 to 8.0)`. */
export const ratioText = ({ min, median, max }: Spread) => `${figure(median)}x (${figure(min)} to ${figure(max)})`;

/** Returns in words the speed of the compared engine as a multiple of another's; `own` says that it is its own. */
export const fasterText = (own: boolean, { ratio }: Timed) => (own ? '1' : ratio ? ratioText(ratio) : 'not compared');

/** Milliseconds, or what is wrong. */
export const timeText = ({ milliseconds }: Timed, wrong = '') =>
  milliseconds ? spreadText(milliseconds) : `WRONG: ${wrong}`;

/** `85 %`. */
export const share = (value: number) => `${Math.round(100 * value)} %`;

/** Bytes in powers of 1000: `1.85 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${figure(bytes / 1000 ** power)} ${units[power]}`;
}
