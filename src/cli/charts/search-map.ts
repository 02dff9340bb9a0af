import type { Configuration, SearchResult, Trial } from '../../tune.js';
import { rankTrials, valueText } from '../tune/trials.js';

/** A hyper-parameter along which a map lies. */
export interface MapAxis {
  readonly name: string;
  /** Equal distances are equal factors. */
  readonly logarithmic: boolean;
  /** The ends of the axis: those of the space, where it has some. */
  readonly low: number;
  readonly high: number;
  /** The values that trials have, rising. */
  readonly values: readonly number[];
  of(config: Configuration): number;
}

/** The trials of a search over one or two of its hyper-parameters. */
export interface SearchMap {
  readonly x: MapAxis;
  /** Missing where a single one was varied. */
  readonly y?: MapAxis;
  /** The trials lie on the crossings of few values; otherwise they are strewn. */
  readonly onGrid: boolean;
  readonly trials: readonly Trial[];
}

/** The trials of a map in rows and columns. */
export interface MapCells {
  /** What is written at each column, and at each row from the lowest up. */
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** By row from the lowest up and by column: the trials there, the leading one first. */
  readonly cells: readonly (readonly (readonly Trial[])[])[];
}

/**
 * Returns the map of a search over `l2` and `dropout`, or over the first two numbers that were varied where these were
 * not; undefined if none was.
 */
export function mapOf({ space, trials }: SearchResult): SearchMap | undefined {
  const [x, y] = Object.entries(space)
    .flatMap(([name, entry]) => axesOf(name, entry, trials))
    .toSorted((a, b) => preference(a) - preference(b));
  if (!x) return undefined;
  if (!y) return { x, onGrid: isGrid(x.values.length, x.values.length), trials };
  const places = new Set(trials.map(({ config }) => `${x.of(config)} ${y.of(config)}`));
  return { x, y, onGrid: isGrid(x.values.length * y.values.length, places.size), trials };
}

/** Half of the crossings or more are taken; n strewn places have n² crossings. One axis is a grid up to a screen's width. */
const isGrid = (crossings: number, places: number) => crossings < 2 * places && crossings <= MOST_CELLS;
const MOST_CELLS = 1000;

const preference = ({ name }: MapAxis) => (name === 'l2' ? 0 : name === 'dropout' ? 1 : 2);

/** The axes that a part of a space has, if its values are numbers that differ: one, or one for each of an array. */
function axesOf(name: string, entry: unknown, trials: readonly Trial[]): MapAxis[] {
  if (!Array.isArray(entry)) return axisOf(name, entry, trials, (config) => config[name]);
  return entry.flatMap((one, i) =>
    axisOf(`${name}[${i}]`, one, trials, ({ [name]: values }) => (Array.isArray(values) ? values[i] : undefined)),
  );
}

function axisOf(
  name: string,
  distribution: unknown,
  trials: readonly Trial[],
  of: (config: Configuration) => unknown,
): MapAxis[] {
  const found = trials.map(({ config }) => of(config));
  if (!found.every((value) => typeof value === 'number')) return [];
  const values = [...new Set(found)].toSorted((a, b) => a - b);
  if (values.length < 2) return [];
  const { kind, low, high } = distribution as { kind?: unknown; low?: unknown; high?: unknown };
  return [
    {
      name,
      logarithmic: kind === 'logUniform' && values[0] > 0,
      low: typeof low === 'number' ? Math.min(low, values[0]) : values[0],
      high: typeof high === 'number' ? Math.max(high, values[values.length - 1]) : values[values.length - 1],
      values,
      of: (config) => Number(of(config)),
    },
  ];
}

/** Returns the cells of a map's grid. */
export function gridCells(map: SearchMap): MapCells {
  const { x, y } = map;
  return cellsOf(
    map,
    x.values.map(valueText),
    y ? y.values.map(valueText) : [''],
    (config) => x.values.indexOf(x.of(config)),
    (config) => (y ? y.values.indexOf(y.of(config)) : 0),
  );
}

/** Returns the trials of a map in `columns` by `rows` equal parts of its axes, which are named by their middles. */
export function binCells(map: SearchMap, columns: number, rows: number): MapCells {
  const { x, y } = map;
  return cellsOf(
    map,
    binNames(x, columns),
    y ? binNames(y, rows) : [''],
    binOf(x, columns),
    y ? binOf(y, rows) : () => 0,
  );
}

function cellsOf(
  { trials }: SearchMap,
  columns: readonly string[],
  rows: readonly string[],
  columnOf: (config: Configuration) => number,
  rowOf: (config: Configuration) => number,
): MapCells {
  const cells = rows.map(() => columns.map((): Trial[] => []));
  for (const trial of rankTrials(trials)) cells[rowOf(trial.config)][columnOf(trial.config)].push(trial);
  return { columns, rows, cells };
}

function binNames({ low, high, logarithmic }: MapAxis, bins: number): string[] {
  return Array.from({ length: bins }, (_, bin) => {
    const at = (bin + 0.5) / bins;
    const middle = logarithmic ? low * (high / low) ** at : low + (high - low) * at;
    return valueText(Number(middle.toPrecision(2)));
  });
}

const binOf = (axis: MapAxis, bins: number) => (config: Configuration) =>
  Math.min(bins - 1, Math.floor(bins * placeOn(axis, axis.of(config))));

/** Where a value lies on an axis, 0 at its low end and 1 at its high one. */
export function placeOn({ low, high, logarithmic }: MapAxis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}
