import { rounded } from '../terminal/numbers.js';

/** A number along which a map lies. */
export interface MapAxis {
  readonly name: string;
  /** True if equal distances are equal factors. */
  readonly logarithmic: boolean;
  readonly low: number;
  readonly high: number;
  /** The values that points have, rising. */
  readonly values: readonly number[];
}

/** A point of a map. */
export interface MapPoint {
  readonly x: number;
  /** 0 on a map with one axis. */
  readonly y: number;
  /** The number that is shown, and its colour from 0 for the worst to 1 for the best; missing if there is none. */
  readonly measured?: { readonly value: number; readonly shade: number };
  readonly mark?: Mark;
  /** Everything about the point, in one line. */
  readonly hint: string;
}

const MARKS = ['best', 'dropped', 'diverged'] as const;
export type Mark = (typeof MARKS)[number];

/** Points over one or two axes, coloured by a number that was measured at each. */
export interface PointMap {
  /** The name of the measured number. */
  readonly name: string;
  /** True if the number is a share, shown in percent. */
  readonly share: boolean;
  readonly x: MapAxis;
  readonly y?: MapAxis;
  /** True if the points lie on the crossings of few values, false if they are strewn. */
  readonly onGrid: boolean;
  /** The leading one first. */
  readonly points: readonly MapPoint[];
  /** The ends of the colours in words; missing if nothing was measured. */
  readonly ends?: { readonly worst: string; readonly best: string };
}

/** Returns the marks that some of the points have. */
export const marksOf = (points: readonly MapPoint[]): Mark[] =>
  MARKS.filter((mark) => points.some((point) => point.mark === mark));

/** Returns the sign of a point without a number. */
export const signOf = ({ mark }: MapPoint) => (mark === 'diverged' ? '×' : '…');

/** The points of a map in rows and columns. */
export interface MapCells {
  /** The names of the columns, and of the rows from the lowest up. */
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** The points by row, from the lowest up, and by column; the leading one of a cell first. */
  readonly cells: readonly (readonly (readonly MapPoint[])[])[];
}

/** Returns the cells of a map's grid. */
export function gridCells(map: PointMap): MapCells {
  return cellsOf(map, ({ values }) => ({ names: values.map(rounded), partOf: (value) => values.indexOf(value) }));
}

/** Returns the points of a map in `columns` by `rows` equal parts of its axes, each named by its middle. */
export function binCells(map: PointMap, columns: number, rows: number): MapCells {
  return cellsOf(map, (axis) => {
    const bins = axis === map.x ? columns : rows;
    const { low, high, logarithmic } = axis;
    const names = Array.from({ length: bins }, (_, bin) => {
      const at = (bin + 0.5) / bins;
      const middle = logarithmic ? low * (high / low) ** at : low + (high - low) * at;
      return rounded(Number(middle.toPrecision(2)));
    });
    return { names, partOf: (value) => Math.min(bins - 1, Math.floor(bins * placeOn(axis, value))) };
  });
}

/** An axis in parts: the name of each, and the part that a value is in. */
interface Parts {
  readonly names: readonly string[];
  partOf(value: number): number;
}

function cellsOf({ x, y, points }: PointMap, partsOf: (axis: MapAxis) => Parts): MapCells {
  const columns = partsOf(x);
  const rows = y ? partsOf(y) : { names: [''], partOf: () => 0 };
  const cells = rows.names.map(() => columns.names.map((): MapPoint[] => []));
  for (const point of points) cells[rows.partOf(point.y)][columns.partOf(point.x)].push(point);
  return { columns: columns.names, rows: rows.names, cells };
}

/** Returns the place of a value on an axis, 0 at its low end and 1 at its high one. */
export function placeOn({ low, high, logarithmic }: MapAxis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}
