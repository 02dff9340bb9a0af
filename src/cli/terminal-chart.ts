import { type Chart, scaleOf, valueAt } from './chart-scale.js';
import { count } from './numbers.js';

/** How a series is drawn, and how a place where two meet. */
const MARKS = ['•', '◦'] as const;
const BOTH = '◎';
const COLORS = [36, 33] as const; // cyan, yellow

/**
 * Returns the lines of a chart for a terminal, each at most `width` columns wide.
 * @param color whether escape codes may be used
 */
export function terminalChart(chart: Chart, width: number, color: boolean): string[] {
  const { title, series } = chart;
  const { ticks, labels } = scaleOf(chart, 4);
  const margin = Math.max(...labels.map((label) => label.length));
  const columns = Math.max(10, width - margin - 4);
  const rows = 2 * (ticks.length - 1) + 1;
  const grid = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const rowOf = (value: number) =>
    Math.round(((ticks[ticks.length - 1] - value) / (ticks[ticks.length - 1] - ticks[0])) * (rows - 1));
  for (const [index, one] of series.entries()) {
    let last: number | undefined;
    for (let column = 0; column < columns; column++) {
      const value = valueAt(one, column / (columns - 1));
      if (!Number.isFinite(value)) continue;
      const row = rowOf(value);
      // A steep line goes through every row between its ends.
      const step = last === undefined || last === row ? 0 : Math.sign(row - last);
      for (let r = last === undefined ? row : last + step; r !== row; r += step) grid[r][column] |= 1 << index;
      grid[row][column] |= 1 << index;
      last = row;
      if (one.values.length === 1) break;
    }
  }
  const paint = (text: string, index: number) => (color ? `\x1b[${COLORS[index]}m${text}\x1b[39m` : text);
  const cell = (bits: number) => (bits === 0 ? ' ' : bits === 3 ? BOTH : paint(MARKS[bits - 1], bits - 1));
  const legend = series.map(({ name }, index) => `${paint(MARKS[index], index)} ${name}`);
  if (grid.some((row) => row.includes(3))) legend.push(`${BOTH} both`);
  const label = (row: number) => (row % 2 === 0 ? labels[labels.length - 1 - row / 2] : '').padStart(margin);
  return [
    `${title}   ${legend.join('   ')}`,
    ...grid.map((row, r) => `${label(r)} ${r % 2 === 0 ? '┤' : '│'}${row.map(cell).join('').trimEnd()}`),
    `${' '.repeat(margin)} └${'─'.repeat(columns)}`,
    `${' '.repeat(margin + 2)}${axis(chart, columns)}`,
  ];
}

/** The first and the last number along x, and between them what is counted. */
function axis({ series, unit }: Chart, columns: number): string {
  const last = Math.max(...series.map(({ values }) => values.length));
  if (last === 1) return `1  ${unit}`;
  const end = count(last);
  const room = columns - 1 - end.length;
  const left = Math.max(1, Math.floor((room - unit.length) / 2));
  return `1${' '.repeat(left)}${unit}`.padEnd(room + 1) + end;
}
