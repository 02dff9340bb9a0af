/** An axis. */
export interface Scale {
  /** Round numbers, rising. On a linear axis the first is at the bottom and the last at the top. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** Returns the place of a value: 0 at the bottom, 1 at the top. */
  place(value: number): number;
  /** True if equal distances are equal factors. */
  readonly logarithmic: boolean;
}

/** Returns an axis that holds both numbers; ticks every 1, 2, 2.5 or 5 times a power of ten. */
export function linear(low: number, high: number, most: number, share = false): Scale {
  // Values that differ by rounding alone are one value.
  const span = high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) ? high - low : Math.abs(high);
  // A span next to nothing counts as 0: a part of it could not be told from 0.
  const step = niceStep((span < 1e-300 ? 1 : span) / most);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const factor = share ? 100 : 1;
  const digits = digitsOf(step * factor);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: `${(factor * value).toFixed(digits)}${share ? ' %' : ''}` };
  });
  return { ticks, place: (value) => (value / step - first) / (last - first), logarithmic: false };
}

/** Returns an axis from the least to the largest value; ticks at 1, at 1 and 3, or at 1, 2 and 5 times powers of ten. */
export function logarithmic(low: number, high: number, most: number): Scale {
  const decades = Math.log10(high / low);
  const factors = decades * 3 <= most ? [1, 2, 5] : decades * 2 <= most ? [1, 3] : [1];
  const ticks: { value: number; label: string }[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (value >= low && value <= high) ticks.push({ value, label: String(value) });
    }
  }
  const bottom = Math.log(low);
  const top = Math.log(high);
  return { ticks, place: (value) => (Math.log(value) - bottom) / (top - bottom), logarithmic: true };
}

/** Returns the smallest of `factors` times a power of ten that is at least `least`. */
export function niceStep(least: number, factors: readonly number[] = [1, 2, 2.5, 5]): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (factors.find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

/** Returns the number of decimals that tell multiples of `step` apart. */
function digitsOf(step: number): number {
  const [mantissa, exponent] = step.toExponential(1).split('e');
  return Math.min(100, Math.max(0, (mantissa.endsWith('.0') ? 0 : 1) - Number(exponent)));
}
