/** A line of a chart: its value at each epoch, from the first. */
export interface Series {
  readonly name: string;
  /** NaN where nothing was measured. */
  readonly values: readonly number[];
  /** The owner of the line, where several have lines of the same names. */
  readonly group?: string;
}

/** A chart: its lines, and the names of its axes. */
export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  /** The unit of x: `epoch` or `step`. */
  readonly unit: string;
  /** True if y is a share, shown in percent. */
  readonly share?: boolean;
}

/** A curve that falls by more than this factor would hide its end on a linear axis. */
const LOGARITHMIC_FROM = 20;

/** Returns the axis of y for a chart, with about `most` intervals. */
export function scaleOf({ series, share = false }: Chart, most: number): Scale {
  const values = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const [low, high] = minMax(values);
  if (!share && low > 0 && high / low > LOGARITHMIC_FROM) return logarithmic(low, high, most);
  return linear(low, high, most, share);
}

/** Returns the least and the largest of any number of values; 0 and 1 if there are none. */
function minMax(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 1] : [low, high];
}

/** Returns the value of a series at a place between its points, counted from 0; NaN after the last one. */
export function valueAt({ values }: Series, at: number): number {
  const before = Math.floor(at);
  if (at === before) return values[at] ?? Number.NaN;
  return values[before] + ((values[before + 1] ?? Number.NaN) - values[before]) * (at - before);
}

/** The look of a line: the number of its colour, from 0, and dashed or not. */
export interface Stroke {
  readonly color: number;
  readonly dashed: boolean;
}

/** Returns the strokes of a chart's series: a colour a group and a dash a name, or both by name where there are no groups. */
export function strokesOf({ series }: Chart): Stroke[] {
  const { groups, names } = groupsOf(series);
  return series.map(({ name, group }) => {
    const place = names.indexOf(name);
    return { color: group === undefined ? place : groups.indexOf(group), dashed: place > 0 };
  });
}

/** Returns the groups and the names of series, in order. */
export function groupsOf(series: readonly Series[]): { groups: string[]; names: string[] } {
  return {
    groups: [...new Set(series.flatMap(({ group }) => group ?? []))],
    names: [...new Set(series.map(({ name }) => name))],
  };
}

/** Returns the number of points along x. */
export const lengthOf = ({ series }: Chart) => Math.max(...series.map(({ values }) => values.length));

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
