/** An axis: `at` maps a value to pixels from the start, `ticks` are the values to label. */
export interface Axis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** Range of an axis, its length and the smallest distance of two ticks, both in pixels. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly length: number;
  readonly space: number;
}

/** Rounding error allowed in the ratio of an end of the axis to a step. */
const NEARLY = 1e-9;

/** Returns a linear axis; its ticks are whole multiples of 1, 2 or 5 times a power of ten. */
export function evenAxis({ low, high, length, space }: Extent, leastStep = 0): Axis {
  const step = roundUp(Math.max((space * (high - low)) / length, leastStep));
  const first = Math.ceil(low / step - NEARLY);
  const count = Math.max(0, Math.floor(high / step + NEARLY) - first + 1);
  return {
    at: (value) => (length * (value - low)) / (high - low),
    ticks: Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12))),
  };
}

/**
 * Returns a logarithmic axis. Its ticks are powers of ten, and 2 and 5 times them if there is room. A value that is not
 * positive is placed a decade below the start.
 */
export function logAxis({ low, high, length, space }: Extent): Axis {
  const decades = Math.log10(high / low);
  const stride = Math.ceil((space * decades) / length);
  const factors = length / decades >= 3 * space ? [1, 2, 5] : [1];
  const first = Math.floor(Math.log10(low));
  return {
    at: (value) => (length * Math.log10(Math.max(value, low / 10) / low)) / decades,
    ticks: Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => first + i)
      .filter((power) => power % stride === 0)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((tick) => tick >= low * (1 - NEARLY) && tick <= high * (1 + NEARLY)),
  };
}

/** Returns the smallest of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... that is at least `least`. */
export function roundUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - NEARLY)) ?? 10);
}

/** Tops of an axis within a decade; few, so that it rarely grows while values do. */
const TOPS = [1, 1.5, 2, 3, 5, 7.5, 10];

/** Returns the top of an axis for values up to `most`. */
export function topOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (TOPS.find((top) => top * power >= most * (1 - NEARLY)) ?? 10);
}

/** Returns the largest of these numbers that is at most `most`. */
export const roundDown = (most: number) => 1 / roundUp(1 / most);

/** Returns the short text of a tick. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const isShort = size === 0 || (size >= 1e-3 && size < 1e7);
  const text = isShort ? value.toLocaleString('en', { maximumSignificantDigits: 6 }) : value.toExponential();
  return text.replace('+', '').replace('-', '−');
}
