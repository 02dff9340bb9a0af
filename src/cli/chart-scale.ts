/** One line of a chart: its value at each epoch, from the first. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** A chart: what is drawn, and what its axes are called. */
export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  /** What is counted along x: `epoch` or `step`. */
  readonly unit: string;
  /** y is a share, shown in percent. */
  readonly share?: boolean;
}

/** The round numbers along an axis, from at or below the least value to at or above the largest. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
}

/** Returns the scale of y: at most about `most` intervals of 1, 2, 2.5 or 5 times a power of ten. */
export function scaleOf({ series, share = false }: Chart, most: number): Scale {
  const values = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const low = Math.min(...minMax(values));
  const high = Math.max(...minMax(values));
  const span = high - low || Math.abs(high) || 1;
  const step = niceStep(span / most);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const factor = share ? 100 : 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step * factor) + 1e-9) + (isQuarter(step) ? 1 : 0));
  const unit = share ? ' %' : '';
  return { ticks, labels: ticks.map((tick) => `${(factor * tick).toFixed(Math.min(digits, 20))}${unit}`) };
}

/** The least and the largest of any number of values; 0 and 1 of none. */
function minMax(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 1] : [low, high];
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

const isQuarter = (step: number) => Math.round((step / 10 ** Math.floor(Math.log10(step) + 1e-9)) * 10) === 25;

/** The value of a series at a place between its points, 0 at the first and 1 at the last. */
export function valueAt({ values }: Series, place: number): number {
  const at = place * (values.length - 1);
  const before = Math.floor(at);
  const after = Math.min(before + 1, values.length - 1);
  return values[before] + (values[after] - values[before]) * (at - before);
}
