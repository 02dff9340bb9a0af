import { logarithmic } from '../../src/cli/charts/chart.js';
import { svgNumber as place, svgText } from '../../src/cli/charts/html.js';
import type { SearchRow, SearchTable } from './search-suite.js';
import { svgFile } from './svg-file.js';

const WIDTH = 720;
const LEFT = 64;
const RIGHT = 24;
const PLOT = 190;
const PANEL = PLOT + 86;
const TOP = 94;
/** Smaller regrets are drawn here: a logarithmic axis has no 0. */
const FLOOR = 0.001;

const KEYS_IN_LINE = 4;

/** Classes of the lines, in the order of the strategies of a task. */
const CLASSES = ['random', 'sobol', 'tpe', 'process', 'halving', 'third', 'turn'] as const;

const RULES = `
.grid { stroke: var(--grid); }
.random, .turn { --own: var(--grey); } .sobol, .tpe { --own: var(--blue); } .process { --own: var(--orange); }
.halving, .third { --own: var(--green); }
polyline, .key { fill: none; stroke: var(--own); stroke-width: 2; }
polygon { fill: var(--own); fill-opacity: 0.16; }
.tpe, .third, .turn { stroke-dasharray: 5 4; }`;

/**
 * Returns the regret of searches as an SVG file: their best loss less the best that any of them found, a panel for each
 * task, the median over seeds as a line and the quartiles as a band.
 */
export function regretChart(tables: readonly SearchTable[]): string {
  const names = tables[0]?.rows.map(({ strategy }) => strategy) ?? [];
  return svgFile({
    title: 'Regret of searches: lower is better',
    width: WIDTH,
    height: TOP + tables.length * PANEL - 20,
    rules: RULES,
    parts: [...names.map(key), ...tables.map(panel)],
  });
}

/** The name of a strategy beside its colour. */
function key(name: string, i: number): string {
  const x = (i % KEYS_IN_LINE) * (WIDTH / KEYS_IN_LINE);
  const y = 44 + 20 * Math.floor(i / KEYS_IN_LINE);
  const text = svgText(x + 32, y + 4, name, 'start');
  return `<line class="key ${CLASSES[i]}" x1="${x}" x2="${x + 24}" y1="${y}" y2="${y}"/>${text}`;
}

function panel({ task, rows, seeds, budget }: SearchTable, index: number): string {
  const top = TOP + index * PANEL + 24;
  const most = Math.max(
    10 * FLOOR,
    ...rows.flatMap(({ regret }) => regret.map(({ of }) => of.high).filter(Number.isFinite)),
  );
  const scale = logarithmic(FLOOR, most, 5);
  const x = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => top + PLOT * (1 - scale.place(Math.max(value, FLOOR)));
  const grid = scale.ticks.map(
    ({ value, label }) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place(y(value))}" y2="${place(y(value))}"/>` +
      svgText(LEFT - 8, y(value) + 4, `${value === FLOOR ? '≤ ' : ''}${label}`, 'end'),
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    svgText(x(share), top + PLOT + 18, `${100 * share} %`, 'middle'),
  );
  const heading = `${task}: regret in validation loss, median and quartiles of ${seeds} seeds`;
  const unit = `share of the budget of ${budget} epochs of all trials`;
  return [
    svgText(0, top - 12, heading, 'start', 'class="heading"'),
    ...grid,
    ...ticks,
    svgText((LEFT + WIDTH - RIGHT) / 2, top + PLOT + 36, unit, 'middle'),
    ...rows.map((row, i) => band(row, i, x, y)),
    ...rows.map((row, i) => line(row, i, x, y)),
  ].join('\n');
}

type Axis = (value: number) => number;

function band({ regret }: SearchRow, i: number, x: Axis, y: Axis): string {
  if (CLASSES[i] === 'third' || CLASSES[i] === 'turn') return ''; // more bands than these would hide each other
  const within = regret.filter(({ of }) => Number.isFinite(of.high));
  const upper = within.map(({ share, of }) => point(x(share), y(of.high)));
  const lower = within.map(({ share, of }) => point(x(share), y(of.low))).reverse();
  return `<polygon class="${CLASSES[i]}" points="${[...upper, ...lower].join(' ')}"/>`;
}

function line({ regret }: SearchRow, i: number, x: Axis, y: Axis): string {
  const points = regret.flatMap(({ share, of: { median } }) =>
    Number.isFinite(median) ? [point(x(share), y(median))] : [],
  );
  return `<polyline class="${CLASSES[i]}" points="${points.join(' ')}"/>`;
}

const point = (x: number, y: number) => `${place(x)},${place(y)}`;
