import { type Chart, type Scale, type Series, scaleOf, valueAt } from './chart-scale.js';
import { count } from './numbers.js';

/** How a series is drawn, and a place where two meet. */
const MARKS = ['•', '◦'] as const;
const BOTH = '◎';
const COLORS = [36, 33] as const; // cyan, yellow
const ROWS = 9;

/**
 * Returns the lines of a chart for a terminal, each at most `width` columns wide.
 * @param color whether escape codes may be used
 */
export function terminalChart(chart: Chart, width: number, color: boolean): string[] {
  const { title, series } = chart;
  const scale = scaleOf(chart, 4);
  const labels = labelsOf(scale);
  const margin = Math.max(...labels.map(({ length }) => length));
  const columns = Math.max(10, width - margin - 2);
  // Bit i of a place says that series i goes through it.
  const grid = Array.from({ length: ROWS }, () => new Array<number>(columns).fill(0));
  for (const [index, one] of series.entries()) draw(grid, one, 1 << index, scale);
  const paint = (index: number) => (color ? `\x1b[${COLORS[index]}m${MARKS[index]}\x1b[39m` : MARKS[index]);
  const mark = (bits: number) => (bits === 0 ? ' ' : bits === 3 ? BOTH : paint(bits - 1));
  const legend = series.map(({ name }, index) => `${paint(index)} ${name}`);
  if (grid.some((row) => row.includes(3))) legend.push(`${BOTH} both`);
  const gap = ' '.repeat(margin);
  return [
    [scale.logarithmic ? `${title} (logarithmic)` : title, ...legend].join('   '),
    ...grid.map((row, r) => {
      const drawn = row.slice(0, row.findLastIndex((bits) => bits !== 0) + 1);
      return `${labels[r].padStart(margin)} ${labels[r] === '' ? '│' : '┤'}${drawn.map(mark).join('')}`;
    }),
    `${gap} └${'─'.repeat(columns)}`,
    `${gap}  ${axis(chart, columns)}`,
  ];
}

const rowOf = (value: number, scale: Scale) => Math.round((1 - scale.place(value)) * (ROWS - 1));

/** The label of every row, most of them empty. */
function labelsOf(scale: Scale): string[] {
  const labels = new Array<string>(ROWS).fill('');
  for (const { value, label } of scale.ticks) labels[rowOf(value, scale)] = label;
  return labels;
}

function draw(grid: readonly number[][], series: Series, bit: number, scale: Scale): void {
  const columns = series.values.length === 1 ? 1 : grid[0].length;
  let last: number | undefined;
  for (let column = 0; column < columns; column++) {
    const value = valueAt(series, columns === 1 ? 0 : column / (columns - 1));
    if (!Number.isFinite(value)) continue;
    const row = rowOf(value, scale);
    grid[row][column] |= bit;
    // A steep line goes through every row between its ends.
    for (let r = last ?? row; r !== row; r += Math.sign(row - r)) if (r !== last) grid[r][column] |= bit;
    last = row;
  }
}

/** The first and the last number along x, and between them what is counted. */
function axis({ series, unit }: Chart, columns: number): string {
  const last = Math.max(...series.map(({ values }) => values.length));
  if (last === 1) return `1 ${unit}`;
  const room = columns - 1 - count(last).length;
  const left = Math.max(1, Math.floor((room - unit.length) / 2));
  return `1${`${' '.repeat(left)}${unit}`.padEnd(room)}${count(last)}`;
}
