import { count, rounded, shareOr } from '../terminal/numbers.js';
import { linear, logarithmic } from './chart.js';
import { svgElement, svgHint, svgLine, svgNumber, svgText } from './html.js';
import {
  gridCells,
  hex,
  isLight,
  type MapAxis,
  type MapPoint,
  type Mark,
  marksOf,
  type PointMap,
  shadeAt,
  signOf,
} from './map.js';

/** The plot in its picture; above it the legend, below it the names of x. */
const FRAME = { width: 480, left: 64, right: 18, top: 66, bottom: 48 } as const;
const PLOT_WIDTH = FRAME.width - FRAME.left - FRAME.right;
/** Height of the plot where points are strewn, and of a row of a grid at most and at least. */
const PLOT = 260;
const HIGHEST_ROW = 44;
const LOWEST_ROW = 14;
/** Radius of a dot, and of the dot of a dropped point. */
const RADIUS = 7;
const DROPPED_RADIUS = 4;
/** Narrower cells have no number in them. */
const NUMBER_WIDTH = 44;
/** Width of a letter, at most, on a narrow page. */
const LETTER = 8;
/** Space around the cell of a dropped point, at most a fifth of its height. */
const DROPPED_INSET = 6;

/**
 * Returns a map as an SVG element: the cells of a grid, or a dot for each point where they are strewn. Everything says its
 * numbers when pointed at; dropped points are smaller. The page styles `.grid`, `.best`, `.none` (unmeasured), `.any` and
 * `text`.
 */
export function svgMap(map: PointMap): string {
  const height = heightOf(map);
  const label = `${map.name} over ${map.x.name}${map.y ? ` and ${map.y.name}` : ''}`;
  const bottom = FRAME.top + height + FRAME.bottom;
  const parts = [
    ...legend(map),
    ...(map.onGrid ? grid(map, height) : dots(map, height)),
    svgText(FRAME.left + PLOT_WIDTH / 2, bottom - 8, map.x.name, 'middle'),
    // Above its labels: turned text is hard to read.
    ...(map.y ? [svgText(4, FRAME.top - 10, map.y.name, 'start')] : []),
  ];
  return svgElement(label, [FRAME.width, bottom], parts);
}

function heightOf({ onGrid, y }: PointMap): number {
  if (!y) return HIGHEST_ROW;
  const rows = y.values.length;
  return onGrid ? rows * Math.max(LOWEST_ROW, Math.min(HIGHEST_ROW, PLOT / rows)) : PLOT;
}

/** Returns the shades from the worst to the best, and below them the marks that some points have. */
function legend({ ends, points }: PointMap): string[] {
  if (!ends) return [svgText(FRAME.left, 16, 'No trial has been measured.', 'start')];
  const bar = Array.from({ length: 9 }, (_, i) => {
    return `<rect x="${FRAME.left + 100 + 12 * i}" y="6" width="12" height="12" fill="${hex(shadeAt(i / 8))}"/>`;
  });
  return [
    svgText(FRAME.left + 92, 16, ends.worst, 'end'),
    ...bar,
    svgText(FRAME.left + 216, 16, ends.best, 'start'),
    ...marksOf(points).map((mark, i) => {
      const name = svgText(20, 5, mark, 'start');
      return `<g transform="translate(${FRAME.left + 100 + 100 * i} 36)">${MARKS[mark]}${name}</g>`;
    }),
  ];
}

const MARKS: Record<Mark, string> = {
  best: '<rect class="best" x="1" y="-5" width="11" height="11" rx="2"/>',
  dropped: `<circle class="any" cx="6" cy="1" r="${DROPPED_RADIUS}"/>`,
  diverged: svgText(6, 5, '×', 'middle'),
};

/** Returns the names of both axes and a dot for each point, in front of the lines of the axes. */
function dots(map: PointMap, height: number): string[] {
  const [x, y] = [scaleOf(map.x), map.y && scaleOf(map.y)];
  const xOf = (value: number) => FRAME.left + x.place(value) * PLOT_WIDTH;
  const yOf = (value: number) => FRAME.top + height * (1 - (y ? y.place(value) : 0.5));
  const [bottom, right] = [FRAME.top + height, FRAME.left + PLOT_WIDTH];
  return [
    ...x.ticks.flatMap(({ value }) => [
      svgLine('grid', [xOf(value), FRAME.top], [xOf(value), bottom]),
      svgText(xOf(value), bottom + 18, rounded(value), 'middle'),
    ]),
    ...(y?.ticks ?? []).flatMap(({ value }) => [
      svgLine('grid', [FRAME.left, yOf(value)], [right, yOf(value)]),
      svgText(FRAME.left - 8, yOf(value) + 4, rounded(value), 'end'),
    ]),
    // The leading points lie on top.
    ...map.points.toReversed().map((point) => svgHint(point.hint, ...dot(point, xOf(point.x), yOf(point.y)))),
  ];
}

function dot(point: MapPoint, x: number, y: number): string[] {
  const { measured, mark } = point;
  const circle = (className: string, radius: number, fill = '') =>
    `<circle class="${className}" cx="${svgNumber(x)}" cy="${svgNumber(y)}" r="${radius}"${fill}/>`;
  if (!measured) return [circle('none', RADIUS), svgText(x, y + 4, signOf(point), 'middle')];
  const radius = mark === 'dropped' ? DROPPED_RADIUS : RADIUS;
  const filled = circle('cell', radius, ` fill="${hex(shadeAt(measured.shade))}"`);
  return mark === 'best' ? [filled, circle('best', RADIUS + 2)] : [filled];
}

const scaleOf = ({ low, high, logarithmic: log }: MapAxis) => (log ? logarithmic(low, high, 6) : linear(low, high, 5));

/** Returns the cells of a grid and the names beside them. */
function grid(map: PointMap, plotHeight: number): string[] {
  const { columns, rows, cells } = gridCells(map);
  const [width, height] = [PLOT_WIDTH / columns.length, plotHeight / rows.length];
  const every = Math.ceil((LETTER * Math.max(...columns.map(({ length }) => length)) + LETTER) / width);
  const yOf = (row: number) => FRAME.top + plotHeight - (row + 1) * height;
  const drawn = cells.flatMap((row, r) =>
    row.flatMap((points, c) => {
      if (points.length === 0) return [];
      const box = { x: FRAME.left + c * width, y: yOf(r), width, height };
      return [{ isBest: points[0].mark === 'best', svg: cellOf(points, box, map.share) }];
    }),
  );
  return [
    ...columns.flatMap((name, c) =>
      c % every === 0 ? [svgText(FRAME.left + (c + 0.5) * width, FRAME.top + plotHeight + 18, name, 'middle')] : [],
    ),
    ...rows.map((name, r) => svgText(FRAME.left - 8, yOf(r) + height / 2 + 4, name, 'end')),
    // The best cell lies on top of its neighbours.
    ...drawn.toSorted((a, b) => Number(a.isBest) - Number(b.isBest)).map(({ svg }) => svg),
  ];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function cellOf(points: readonly MapPoint[], { x, y, width, height }: Box, share: boolean): string {
  const [{ hint, measured, mark }] = points;
  const rect = (className: string, fill = '', inset = 1) => {
    const size = `width="${svgNumber(width - 2 * inset)}" height="${svgNumber(height - 2 * inset)}"`;
    return `<rect class="${className}" x="${svgNumber(x + inset)}" y="${svgNumber(y + inset)}" ${size} rx="3"${fill}/>`;
  };
  const middle = (text: string, attributes = '') =>
    svgText(x + width / 2, y + height / 2 + 4, text, 'middle', attributes);
  const all = points.length > 1 ? `${hint}\nthe best of ${count(points.length)} trials with these values` : hint;
  if (!measured) return svgHint(all, rect('none'), middle(signOf(points[0])));
  const color = shadeAt(measured.shade);
  const inset = mark === 'dropped' ? Math.min(DROPPED_INSET, height / 5) : 1;
  const number = shareOr(measured.value, share).replace(' %', '');
  return svgHint(
    all,
    rect('cell', ` fill="${hex(color)}"`, inset),
    width >= NUMBER_WIDTH ? middle(number, `style="fill:${isLight(color) ? '#000' : '#fff'}"`) : '',
    mark === 'best' ? rect('best', '', 0) : '',
  );
}
