import { count } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import {
  type Chart,
  groupsOf,
  lengthOf,
  type Scale,
  type Series,
  type Stroke,
  scaleOf,
  strokesOf,
  valueAt,
} from './chart.js';

/** The marks of the two series, and of a place where both meet. Groups have letters, small ones for the first line. */
const MARKS = ['•', '◦'] as const;
const BOTH = '◎';
const LETTERS = 'abcdefghij';
const COLORS = [36, 33, 35, 32, 34] as const; // cyan, yellow, magenta, green, blue
const ROWS = 9;
/** Charts are drawn no wider than this. */
const MOST_COLUMNS = 76;
/** Many lines need room. */
const GROUP_ROWS = 17;

/**
 * Returns the lines of a chart for a terminal, each at most `width` columns wide.
 * @param color true if escape codes may be used
 */
export function terminalChart(chart: Chart, width: number, color: boolean): string[] {
  const { title, series } = chart;
  const { groups } = groupsOf(series);
  const strokes = strokesOf(chart);
  const rows = groups.length > 0 ? GROUP_ROWS : ROWS;
  const scale = scaleOf(chart, 4);
  const labels = labelsOf(scale, rows);
  const margin = Math.max(...labels.map(({ length }) => length));
  const columns = Math.max(10, width - margin - 2);
  // Bit i of a place says that series i goes through it.
  const grid = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (const [index, one] of series.entries()) draw(grid, one, 1 << index, scale, lengthOf(chart));
  const paint = (index: number) => {
    const mark = groups.length > 0 ? letterOf(strokes[index]) : MARKS[index];
    return color ? `\x1b[${COLORS[strokes[index].color % COLORS.length]}m${mark}\x1b[39m` : mark;
  };
  const mark = (bits: number) => {
    if (bits === 0) return ' ';
    return groups.length === 0 && bits === 3 ? BOTH : paint(front(bits, strokes));
  };
  const legend =
    groups.length > 0
      ? groupsOf(series).names.map((name, i) => `${letterOf({ color: 0, dashed: i > 0 })} ${name}`)
      : series.map(({ name }, index) => `${paint(index)} ${name}`);
  if (groups.length === 0 && grid.some((row) => row.includes(3))) legend.push(`${BOTH} both`);
  const gap = ' '.repeat(margin);
  return [
    [scale.logarithmic ? `${title} (logarithmic)` : title, ...legend].join('   '),
    ...grid.map((row, r) => {
      const drawn = row.slice(0, row.findLastIndex((bits) => bits !== 0) + 1);
      return `${labels[r].padStart(margin)} ${labels[r] === '' ? '│' : '┤'}${drawn.map(mark).join('')}`;
    }),
    `${gap} └${'─'.repeat(columns)}`,
    `${gap}  ${axis(chart, columns)}`,
    ...groups.map(
      (group) => `${paint(series.findLastIndex((one) => one.group === group))} ${group.slice(0, width - 2)}`,
    ),
  ];
}

const letterOf = ({ color, dashed }: Stroke) => (dashed ? LETTERS[color].toUpperCase() : LETTERS[color]);

/** Returns the series that is seen at a place: a dashed one before others, and the first of these. */
function front(bits: number, strokes: readonly Stroke[]): number {
  const there = strokes.flatMap((_, index) => ((bits >> index) & 1 ? [index] : []));
  return there.find((index) => strokes[index].dashed) ?? there[0];
}

const rowOf = (value: number, scale: Scale, rows: number) => Math.round((1 - scale.place(value)) * (rows - 1));

/** Returns the label of every row, most of them empty. */
function labelsOf(scale: Scale, rows: number): string[] {
  const labels = new Array<string>(rows).fill('');
  for (const { value, label } of scale.ticks) labels[rowOf(value, scale, rows)] = label;
  return labels;
}

function draw(grid: readonly number[][], series: Series, bit: number, scale: Scale, length: number): void {
  const columns = length === 1 ? 1 : grid[0].length;
  let last: number | undefined;
  for (let column = 0; column < columns; column++) {
    const value = valueAt(series, columns === 1 ? 0 : (column / (columns - 1)) * (length - 1));
    if (!Number.isFinite(value)) continue;
    const row = rowOf(value, scale, grid.length);
    grid[row][column] |= bit;
    // A steep line goes through every row between its ends.
    for (let r = last ?? row; r !== row; r += Math.sign(row - r)) if (r !== last) grid[r][column] |= bit;
    last = row;
  }
}

/** Returns the first and the last number along x, and between them the unit. */
function axis(chart: Chart, columns: number): string {
  const { unit } = chart;
  const last = lengthOf(chart);
  if (last === 1) return `1 ${unit}`;
  const room = columns - 1 - count(last).length;
  const left = Math.max(1, Math.floor((room - unit.length) / 2));
  return `1${`${' '.repeat(left)}${unit}`.padEnd(room)}${count(last)}`;
}

/** Writes charts, an empty line before each. */
export function writeCharts(terminal: Terminal, charts: readonly Chart[]): void {
  const width = Math.min(terminal.columns, MOST_COLUMNS);
  for (const chart of charts) terminal.write(`\n${terminalChart(chart, width, terminal.color).join('\n')}\n`);
}
