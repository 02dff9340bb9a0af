import { linear, logarithmic } from '../../src/cli/charts/chart.js';
import { svgLine, svgNumber, svgText } from '../../src/cli/charts/html.js';
import { share } from './figures.js';
import { quartilesOf } from './search-figures.js';
import { asGood, type SearchRow, type SearchTable, wayText } from './search-suite.js';
import { svgFile } from './svg-file.js';

const WIDTH = 740;
const LABELS = 190;
const TEXT = 80;
const ROW = 20;
const HEADER = 30;
const AXIS = 34;
/** From this ratio of its ends on, an axis is logarithmic. */
const WIDE = 4;
/** Smaller ratios are drawn here: a logarithmic axis has no 0. */
const FLOOR = 0.01;

const RULES = `
.grid { stroke: var(--grid); }
.random { stroke: var(--grey); stroke-dasharray: 4 3; }
.whole { stroke: var(--blue); fill: var(--blue); stroke-width: 2; }
.third { stroke: var(--green); fill: var(--green); stroke-width: 2; }`;

/**
 * Returns the losses that ways of searching found as an SVG file: a panel for each task, and in it a line for each way, with
 * the median of the loss over random search's as a dot and the quartiles as a bar.
 */
export function searchChart(tables: readonly SearchTable[]): string {
  let y = 52;
  const parts = [
    svgText(0, 42, "Median and quartiles over seeds. Blue: random's budget. Green: a third of it.", 'start'),
  ];
  for (const table of tables) {
    parts.push(...panel(table, y));
    y += HEADER + ROW * (table.rows.length - 1) + AXIS;
  }
  return svgFile({
    title: "Loss found, of random search's: left is better",
    width: WIDTH,
    height: y,
    rules: RULES,
    parts,
  });
}

function panel({ task, rows, seeds }: SearchTable, top: number): string[] {
  const others = rows.slice(1);
  const ends = others.flatMap(({ ratios }) => Object.values(quartilesOf(ratios)));
  const [low, high] = [Math.max(FLOOR, Math.min(0.95, ...ends)), Math.max(1.05, ...ends)];
  const scale = high / low > WIDE ? logarithmic(low, high, 6) : linear(low, high, 6, true);
  const x = (ratio: number) => LABELS + (WIDTH - LABELS - TEXT) * scale.place(Math.max(ratio, FLOOR));
  const [first, last] = [top + HEADER, top + HEADER + ROW * others.length];
  const ticks = scale.ticks.map(({ value }) => value);
  return [
    svgText(0, top + 20, task, 'start', 'class="heading"'),
    svgText(WIDTH, top + 20, 'as good', 'end'),
    ...ticks.flatMap((value) => [
      svgLine('grid', [x(value), first], [x(value), last]),
      svgText(x(value), last + 16, share(value), 'middle'),
    ]),
    svgLine('random', [x(1), first], [x(1), last]),
    ...others.flatMap((row, i) => line(row, seeds, first + ROW * (i + 0.5), x)),
  ];
}

function line(row: SearchRow, seeds: number, y: number, x: (ratio: number) => number): string[] {
  const { low, median, high } = quartilesOf(row.ratios);
  const look = row.share === 1 ? 'whole' : 'third';
  return [
    svgText(LABELS - 10, y + 4, wayText(row), 'end'),
    svgLine(look, [x(low), y], [x(high), y]),
    `<circle class="${look}" cx="${svgNumber(x(median))}" cy="${svgNumber(y)}" r="4"/>`,
    svgText(WIDTH, y + 4, `${asGood(row)} of ${seeds}`, 'end'),
  ];
}
