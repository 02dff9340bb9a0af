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

/** Red, green and blue in [0, 255]. */
export type Color = readonly [red: number, green: number, blue: number];

/**
 * Viridis at equal distances, from the worst to the best: rises in lightness, also for the colour-blind, and stands on
 * light and dark pages. Source: van der Walt and Smith, matplotlib 2.0 (2015).
 */
const VIRIDIS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'];

/** Returns the colour of a place between the worst, 0, and the best, 1. */
export function shadeAt(place: number): Color {
  const at = place * (VIRIDIS.length - 1);
  const before = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const channel = (i: number) => {
    const [a, b] = [VIRIDIS[before], VIRIDIS[before + 1]].map((hex) => Number.parseInt(hex.slice(i, i + 2), 16));
    return Math.round(a + (b - a) * (at - before));
  };
  return [channel(1), channel(3), channel(5)];
}

/** Returns true if black is read better than white on a colour: if it contrasts more by WCAG 2.2. */
export function isLight(color: Color): boolean {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  // (L + 0.05) / 0.05 > 1.05 / (L + 0.05)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > Math.sqrt(1.05 * 0.05) - 0.05;
}

/** Returns a colour as CSS has it. */
export const hex = (color: Color) => `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
