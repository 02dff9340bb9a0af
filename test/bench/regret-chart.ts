import { escapeHtml } from '../../src/cli/charts/escape-html.js';
import { logarithmic } from '../../src/cli/charts/scale.js';
import type { SearchRow, SearchTable } from './search-suite.js';

const WIDTH = 720;
const LEFT = 64;
const RIGHT = 24;
const PLOT = 190;
const PANEL = PLOT + 86;
const TOP = 74;
/** What is less is drawn here: a logarithmic axis has no 0. */
const FLOOR = 0.001;

/** Colours of the lines, in the order of the strategies of a task. */
const CLASSES = ['random', 'sobol', 'halving', 'third', 'turn'] as const;

/**
 * Returns what searches found, less the best that any of them found, as an SVG file: a panel a task, the median over seeds
 * as a line, and between the quartiles a band. Colours follow the reader's light or dark scheme.
 */
export function regretChart(tables: readonly SearchTable[]): string {
  const title = 'Regret of searches: lower is better';
  const height = TOP + tables.length * PANEL - 20;
  const names = tables[0]?.rows.map(({ strategy }) => strategy) ?? [];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
.grid { stroke: #d1d9e0; }
polyline, .key { fill: none; stroke-width: 2; }
polygon { fill-opacity: 0.16; }
polyline.random, .key.random { stroke: #59636e; } polygon.random { fill: #59636e; }
polyline.sobol, .key.sobol { stroke: #0969da; } polygon.sobol { fill: #0969da; }
polyline.halving, .key.halving, polyline.third, .key.third { stroke: #1a7f37; } polygon.halving { fill: #1a7f37; }
polyline.turn, .key.turn { stroke: #59636e; }
.third, .turn { stroke-dasharray: 5 4; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .grid { stroke: #3d444d; }
  polyline.random, .key.random, polyline.turn, .key.turn { stroke: #9198a1; } polygon.random { fill: #9198a1; }
  polyline.sobol, .key.sobol { stroke: #4493f8; } polygon.sobol { fill: #4493f8; }
  polyline.halving, .key.halving, polyline.third, .key.third { stroke: #3fb950; } polygon.halving { fill: #3fb950; }
}
</style>
<text class="title" x="0" y="20">${title}</text>
${names.map(key).join('\n')}
${tables.map(panel).join('\n')}
</svg>
`;
}

/** What a colour means. */
function key(name: string, i: number): string {
  const x = [0, 110, 205, 315, 475][i];
  return `<line class="key ${CLASSES[i]}" x1="${x}" x2="${x + 24}" y1="44" y2="44"/><text x="${x + 32}" y="48">${escapeHtml(name)}</text>`;
}

function panel({ task, rows, seeds, budget }: SearchTable, index: number): string {
  const top = TOP + index * PANEL + 24;
  const most = Math.max(
    10 * FLOOR,
    ...rows.flatMap(({ regret }) => regret.map(({ of }) => of.high).filter(Number.isFinite)),
  );
  const scale = logarithmic(FLOOR, most, 5);
  const x = (share: number) => place(LEFT + share * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => place(top + PLOT * (1 - scale.place(Math.max(value, FLOOR))));
  const grid = scale.ticks.map(
    ({ value, label }) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value === FLOOR ? '≤ ' : ''}${label}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => `<text x="${x(share)}" y="${top + PLOT + 18}" text-anchor="middle">${100 * share} %</text>`,
  );
  return [
    `<text class="heading" x="0" y="${top - 12}">${escapeHtml(`${task}: regret in validation loss, median and quartiles of ${seeds} seeds`)}</text>`,
    ...grid,
    ...ticks,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${top + PLOT + 36}" text-anchor="middle">share of the budget of ${budget} epochs of all trials</text>`,
    ...rows.map((row, i) => band(row, i, x, y)),
    ...rows.map((row, i) => line(row, i, x, y)),
  ].join('\n');
}

type Axis = (value: number) => number;

function band({ regret }: SearchRow, i: number, x: Axis, y: Axis): string {
  if (CLASSES[i] === 'third' || CLASSES[i] === 'turn') return ''; // more bands than these would hide each other
  const within = regret.filter(({ of }) => Number.isFinite(of.high));
  const upper = within.map(({ share, of }) => `${x(share)},${y(of.high)}`);
  const lower = within.map(({ share, of }) => `${x(share)},${y(of.low)}`).reverse();
  return `<polygon class="${CLASSES[i]}" points="${[...upper, ...lower].join(' ')}"/>`;
}

function line({ regret }: SearchRow, i: number, x: Axis, y: Axis): string {
  const points = regret.flatMap(({ share, of }) => (Number.isFinite(of.median) ? [`${x(share)},${y(of.median)}`] : []));
  return `<polyline class="${CLASSES[i]}" points="${points.join(' ')}"/>`;
}

const place = (value: number) => Number(value.toFixed(1));
