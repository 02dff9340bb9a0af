import { linear, logarithmic, type Scale } from './scale.js';

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
