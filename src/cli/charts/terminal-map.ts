import { wrap } from '../terminal/lines.js';
import {
  binCells,
  gridCells,
  isLight,
  type MapCells,
  type MapPoint,
  type Mark,
  marksOf,
  type PointMap,
  shadeAt,
  signOf,
} from './map.js';

/** Shades without colours, from the worst to the best. */
const SHADES = ['·', '░', '▒', '▓', '█'] as const;
/** Significant digits that the numbers in the cells may have, the most that fit. */
const DIGITS = [4, 3, 2, 0] as const;
/** Strewn points are drawn in at most so many rows and columns; a grid in at most so many rows. */
const MOST_BINS = 8;
const MOST_ROWS = 24;

/** The cells of a map and the way they are drawn. */
interface Drawing {
  readonly cells: MapCells;
  /** True if a cell may hold several values of an axis. */
  readonly binned: boolean;
  readonly share: boolean;
  readonly color: boolean;
  readonly digits: number;
  /** Columns of the number in a cell. */
  readonly room: number;
}

/**
 * Returns a map for a terminal, in lines of at most `width` columns. The points of a grid stand in its cells; strewn ones
 * in equal parts of both axes.
 * @param color true if escape codes may be used
 */
export function terminalMap(map: PointMap, width: number, color: boolean): string[] {
  const drawing = fitting(map, width, color);
  const { columns, rows, cells } = drawing.cells;
  const margin = Math.max(...rows.map(({ length }) => length));
  const gap = ' '.repeat(margin);
  const step = cellWidth(drawing);
  const lines = rows.map((row, i) =>
    `${row.padStart(margin)} ┤${cells[i].map((cell) => drawCell(cell, drawing)).join('')}`.trimEnd(),
  );
  return [
    ...wrap(title(map, drawing), width),
    ...lines.toReversed(),
    `${gap} └${'─'.repeat(step * columns.length)}`,
    `${gap}  ${columnNames(columns, step)}`,
    ...legend(map, drawing),
  ];
}

function title({ name, share, x, y }: PointMap, { binned, cells: { cells } }: Drawing): string {
  const measured = `${name[0].toUpperCase()}${name.slice(1)}${share ? ' in %' : ''}`;
  const axes = y ? `${x.name} across, ${y.name} up` : `${x.name} across`;
  const shared = binned || cells.some((row) => row.some(({ length }) => length > 1));
  return `${measured}: ${axes}${shared ? ', the best of each cell' : ''}`;
}

/** Returns the cells with as many digits as there is room for; in fewer cells where they would not fit without any. */
function fitting(map: PointMap, width: number, color: boolean): Drawing {
  const { onGrid, y, points, share } = map;
  const bins = Math.max(2, Math.min(MOST_BINS, Math.round(Math.sqrt(2 * points.length))));
  const binned = !onGrid || (y?.values.length ?? 1) > MOST_ROWS;
  const choices = [
    ...(binned ? [] : [() => ({ cells: gridCells(map), binned: false })]),
    ...Array.from({ length: bins }, (_, i) => () => ({ cells: binCells(map, bins - i, bins), binned: true })),
  ];
  for (const choice of choices) {
    const chosen = choice();
    const free = width - 2 - Math.max(...chosen.cells.rows.map(({ length }) => length));
    for (const digits of DIGITS) {
      const room = Math.max(1, ...points.map((point) => numberOf(point, share, digits).length));
      const drawing = { ...chosen, share, color, digits, room };
      if (cellWidth(drawing) * chosen.cells.columns.length <= free) return drawing;
    }
  }
  return { cells: binCells(map, 1, bins), binned: true, share, color, digits: 0, room: 1 };
}

/** Returns the columns of a cell: mark, number and mark; without colours a shade before and a space after. */
const cellWidth = ({ room, color }: Pick<Drawing, 'room' | 'color'>) => room + (color ? 2 : 4);

/** Returns the number of a point; nothing if it has none, or if there is no room for digits. */
function numberOf({ measured }: MapPoint, share: boolean, digits: number): string {
  if (!measured || digits === 0) return '';
  const { value } = measured;
  if (share) return (100 * value).toFixed(digits - 2);
  const text = value.toPrecision(digits);
  return text.includes('e') ? value.toExponential(digits - 1) : text;
}

function drawCell([lead]: readonly MapPoint[], drawing: Drawing): string {
  const { share, color, digits, room } = drawing;
  const width = cellWidth(drawing);
  if (!lead?.measured) return (lead ? signOf(lead) : ' ').padStart(Math.ceil((width + 1) / 2)).padEnd(width);
  const { shade } = lead.measured;
  const text = marked(numberOf(lead, share, digits).padStart(room), lead.mark);
  return color ? painted(text, shade) : `${SHADES[Math.round(shade * (SHADES.length - 1))]}${text} `;
}

function marked(text: string, mark: Mark | undefined): string {
  if (mark === 'best') return `[${text}]`;
  return mark === 'dropped' ? `(${text})` : ` ${text} `;
}

/** Returns a text on the colour of a shade, the nearest of the 216 of terminals. */
function painted(text: string, shade: number): string {
  const color = shadeAt(shade);
  const [r, g, b] = color.map((value) => (value < 48 ? 0 : Math.round((value - 55) / 40)));
  const ink = isLight(color) ? 16 : 231;
  return `\x1b[48;5;${16 + 36 * r + 6 * g + b}m\x1b[38;5;${ink}m${text}\x1b[0m`;
}

/** Returns names under the middles of their columns, without those that would touch the one before. */
function columnNames(names: readonly string[], step: number): string {
  let line = '';
  for (const [i, name] of names.entries()) {
    const start = Math.max(0, Math.floor(step * (i + 0.5) - name.length / 2));
    if (start > line.length || line === '') line = line.padEnd(start) + name;
  }
  return line;
}

/** Returns the meaning of the shades, and of the marks that are seen. */
function legend({ ends }: PointMap, { cells: { cells }, color }: Drawing): string[] {
  if (!ends) return ['No trial has been measured.'];
  const bar = color
    ? Array.from({ length: 9 }, (_, i) => painted(' ', i / 8)).join('')
    : SHADES.map((shade) => shade + shade).join('');
  const leads = cells.flatMap((row) => row.flatMap(([lead]) => lead ?? []));
  const marks = marksOf(leads).map((mark) => (mark === 'diverged' ? '× diverged' : marked(mark, mark)));
  const shades = `${ends.worst} ${bar} ${ends.best}`;
  return marks.length > 0 ? [shades, marks.join('   ')] : [shades];
}
