/** Where values lie along a length of pixels, from its start, and which of them are worth a tick. */
export interface Axis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** What an axis reaches over, how many pixels long it is, and how far apart two ticks must be at least. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly length: number;
  readonly space: number;
}

/** Ratios of a tick on an end of an axis to a step may be off by rounding. */
const NEARLY = 1e-9;

/** An axis on which equal differences are equally long; ticks are whole multiples of 1, 2 or 5 times a power of ten. */
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
 * An axis on which equal ratios are equally long. Ticks are powers of ten, and 2 and 5 times them where there is room. What
 * is not positive lies a decade below its start.
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

/** The least of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... that is not below `least`. */
export function roundUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - NEARLY)) ?? 10);
}

/** The largest of them that is not above `most`. */
export const roundDown = (most: number) => 1 / roundUp(1 / most);

/** A tick's number, short. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const isShort = size === 0 || (size >= 1e-3 && size < 1e7);
  const text = isShort ? value.toLocaleString('en', { maximumSignificantDigits: 6 }) : value.toExponential();
  return text.replace('+', '').replace('-', '−');
}
