import type { SearchResult, Trial } from '../../tune.js';
import { wrap } from '../terminal/lines.js';
import { metricOf, type SearchMetric } from '../tune/search-metric.js';
import { isLight, type ScoreShades, scoreOf, shadeAt, shadesOf } from './score-shades.js';
import { binCells, gridCells, type MapCells, mapOf, type SearchMap } from './search-map.js';

/** Where colours may not be used: from the worst to the best. */
const SHADES = ['·', '░', '▒', '▓', '█'] as const;
/** Significant digits that the numbers in the cells may have, the most that fit. */
const DIGITS = [4, 3, 2, 0] as const;
/** Strewn trials are drawn in at most so many rows and columns; a grid in at most so many rows. */
const MOST_BINS = 8;
const MOST_ROWS = 24;

/** How cells are drawn. */
interface Drawing {
  readonly metric: SearchMetric;
  readonly shades: ScoreShades | undefined;
  readonly best: number | null;
  readonly color: boolean;
  readonly digits: number;
  /** Columns of the number in a cell. */
  readonly room: number;
}

/**
 * Returns the map of a search for a terminal, in lines of at most `width` columns; nothing if no number was varied. The
 * trials of a grid stand in its cells; strewn ones in equal parts of both axes.
 * @param color whether escape codes may be used
 */
export function terminalMap(result: SearchResult, width: number, color: boolean): string[] {
  const map = mapOf(result);
  if (!map) return [];
  const drawing = { metric: metricOf(result), shades: shadesOf(result.trials), best: result.best, color };
  const { cells, digits, room, binned } = fitting(map, drawing, width);
  const all = { ...drawing, digits, room };
  const margin = Math.max(...cells.rows.map(({ length }) => length));
  const gap = ' '.repeat(margin);
  const step = cellWidth(room, color);
  return [
    ...wrap(title(map, drawing.metric, binned, cells), width),
    ...cells.rows
      .map((row, i) =>
        `${row.padStart(margin)} ┤${cells.cells[i].map((cell) => drawCell(cell, all)).join('')}`.trimEnd(),
      )
      .reverse(),
    `${gap} └${'─'.repeat(step * cells.columns.length)}`,
    `${gap}  ${columnNames(cells.columns, step)}`,
    ...legend(cells, all),
  ];
}

function title({ x, y }: SearchMap, { name, share }: SearchMetric, binned: boolean, { cells }: MapCells): string {
  const what = `${name[0].toUpperCase()}${name.slice(1)}${share ? ' in %' : ''}`;
  const axes = y ? `${x.name} across, ${y.name} up` : `${x.name} across`;
  const shared = binned || cells.some((row) => row.some(({ length }) => length > 1));
  return `${what}: ${axes}${shared ? ', the best of each cell' : ''}`;
}

/** The cells of a map with as many digits as there is room for; in fewer cells where they would not fit without any. */
function fitting(map: SearchMap, drawing: Omit<Drawing, 'digits' | 'room'>, width: number) {
  const bins = Math.max(2, Math.min(MOST_BINS, Math.round(Math.sqrt(2 * map.trials.length))));
  const binned = !map.onGrid || (map.y?.values.length ?? 1) > MOST_ROWS;
  const choices = [
    ...(binned ? [] : [() => ({ cells: gridCells(map), binned: false })]),
    ...Array.from({ length: bins }, (_, i) => () => ({ cells: binCells(map, bins - i, bins), binned: true })),
  ];
  for (const choice of choices) {
    const { cells, binned } = choice();
    const free = width - 2 - Math.max(...cells.rows.map(({ length }) => length));
    for (const digits of DIGITS) {
      const texts = map.trials.map((trial) => numberOf(trial, drawing.metric, digits));
      const room = Math.max(1, ...texts.map(({ length }) => length));
      if (cellWidth(room, drawing.color) * cells.columns.length <= free) return { cells, digits, room, binned };
    }
  }
  return { cells: binCells(map, 1, bins), digits: 0, room: 1, binned: true };
}

/** Mark, number and mark; without colours a shade before and a space after. */
const cellWidth = (room: number, color: boolean) => room + (color ? 2 : 4);

/** The number of a trial; nothing if it has none, or none is to be shown. */
function numberOf(trial: Trial, { share, value }: SearchMetric, digits: number): string {
  const score = scoreOf(trial);
  if (score === undefined || digits === 0) return '';
  if (share) return (100 * value(score)).toFixed(digits - 2);
  const text = value(score).toPrecision(digits);
  return text.includes('e') ? value(score).toExponential(digits - 1) : text;
}

function drawCell([lead]: readonly Trial[], { metric, shades, best, color, digits, room }: Drawing): string {
  const score = lead && scoreOf(lead);
  if (!lead || score === undefined || !shades) {
    const sign = !lead ? ' ' : lead.status === 'diverged' ? '×' : '…';
    return sign.padStart(Math.ceil((cellWidth(room, color) + 1) / 2)).padEnd(cellWidth(room, color));
  }
  const [before, after] = marksOf(lead, best);
  const text = `${before}${numberOf(lead, metric, digits).padStart(room)}${after}`;
  const place = shades.place(score);
  if (!color) return `${SHADES[Math.round(place * (SHADES.length - 1))]}${text} `;
  return painted(text, place);
}

const marksOf = ({ id, status }: Trial, best: number | null) =>
  id === best ? ['[', ']'] : status === 'dropped' ? ['(', ')'] : [' ', ' '];

/** A text on the colour of a place, the nearest of the 216 of terminals. */
function painted(text: string, place: number): string {
  const color = shadeAt(place);
  const [r, g, b] = color.map((value) => (value < 48 ? 0 : Math.round((value - 55) / 40)));
  const ink = isLight(color) ? 16 : 231;
  return `\x1b[48;5;${16 + 36 * r + 6 * g + b}m\x1b[38;5;${ink}m${text}\x1b[0m`;
}

/** Names under the middles of their columns, without those that would touch the one before. */
function columnNames(names: readonly string[], step: number): string {
  let line = '';
  for (const [i, name] of names.entries()) {
    const start = Math.max(0, Math.floor(step * (i + 0.5) - name.length / 2));
    if (start > line.length || line === '') line = line.padEnd(start) + name;
  }
  return line;
}

/** What shades and marks mean; the marks alone that are there. */
function legend({ cells }: MapCells, { metric, shades, best, color }: Drawing): string[] {
  if (!shades) return ['No trial has been measured.'];
  const leads = cells.flatMap((row) => row.flatMap(([lead]) => lead ?? []));
  const bar = color
    ? Array.from({ length: 9 }, (_, i) => painted(' ', i / 8)).join('')
    : SHADES.map((shade) => shade + shade).join('');
  const bound = shades.clipped ? (metric.share ? '≤ ' : '≥ ') : '';
  const marks = [
    ...(leads.some(({ id }) => id === best) ? ['[best]'] : []),
    ...(leads.some(({ status, score }) => status === 'dropped' && score !== undefined) ? ['(dropped)'] : []),
    ...(leads.some(({ status }) => status === 'diverged') ? ['× diverged'] : []),
  ];
  const scale = `${bound}${metric.text(shades.worst)} ${bar} ${metric.text(shades.best)}`;
  return marks.length > 0 ? [scale, marks.join('   ')] : [scale];
}
