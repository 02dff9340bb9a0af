import type { SearchResult, Trial } from '../index.js';
import { linear, logarithmic, type Scale } from './chart-scale.js';
import { escapeHtml } from './escape-html.js';
import { count } from './numbers.js';
import { isLight, type ScoreShades, scoreOf, shadeAt, shadesOf } from './score-shades.js';
import { gridCells, type MapAxis, mapOf, type SearchMap } from './search-map.js';
import { metricOf, type SearchMetric } from './search-metric.js';
import { svgNumber, svgText } from './svg-text.js';
import { trialText } from './trial-text.js';

const WIDTH = 480;
const LEFT = 64;
const RIGHT = 18;
const TOP = 44;
const BOTTOM = 48;
/** Height of the plot where trials are strewn, and of a row of a grid at most and at least. */
const PLOT = 260;
const HIGHEST_ROW = 44;
const LOWEST_ROW = 14;
/** Narrower cells have no number in them. */
const NUMBER_WIDTH = 44;
const RADIUS = 7;

/** What all parts of a map are drawn with. */
interface Drawing {
  readonly map: SearchMap;
  readonly metric: SearchMetric;
  readonly shades: ScoreShades | undefined;
  readonly best: number | null;
  /** Of the plot. */
  readonly height: number;
}

/**
 * Returns the map of a search as an SVG element: the cells of a grid, or a dot for each trial where they are strewn; an
 * empty text if no number was varied. Everything says its numbers when pointed at. Of the page it needs `.grid`, `.best`
 * and `.diverged` for lines, `.hatch` for the lines over what was dropped, and `text`.
 */
export function svgMap(result: SearchResult): string {
  const map = mapOf(result);
  if (!map) return '';
  const rows = map.onGrid ? (map.y?.values.length ?? 1) : 0;
  const height = map.onGrid
    ? rows * Math.max(LOWEST_ROW, Math.min(HIGHEST_ROW, PLOT / rows))
    : map.y
      ? PLOT
      : HIGHEST_ROW;
  const metric = metricOf(result);
  const drawing = { map, metric, shades: shadesOf(result.trials), best: result.best, height };
  const label = `${metric.name} over ${map.x.name}${map.y ? ` and ${map.y.name}` : ''}`;
  const parts = [
    `<svg viewBox="0 0 ${WIDTH} ${svgNumber(TOP + height + BOTTOM)}" role="img" aria-label="${escapeHtml(label)}">`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>',
    ...legend(drawing, result.trials),
    ...(map.onGrid ? grid(drawing) : strewn(drawing)),
    svgText((LEFT + WIDTH - RIGHT) / 2, TOP + height + BOTTOM - 8, map.x.name, 'middle'),
    // Above its labels: turned text is hard to read.
    ...(map.y ? [svgText(LEFT - 8, TOP - 8, map.y.name, 'end')] : []),
    '</svg>',
  ];
  return parts.join('\n');
}

function grid(drawing: Drawing): string[] {
  const { columns, rows, cells } = gridCells(drawing.map);
  const [width, height] = [(WIDTH - LEFT - RIGHT) / columns.length, drawing.height / rows.length];
  const every = Math.ceil(NUMBER_WIDTH / width);
  const yOf = (row: number) => TOP + drawing.height - (row + 1) * height;
  const drawn = cells.flatMap((row, r) =>
    row.flatMap((trials, c) => cellOf(trials, { x: LEFT + c * width, y: yOf(r), width, height }, drawing)),
  );
  return [
    ...columns.flatMap((name, c) =>
      c % every === 0 ? [svgText(LEFT + (c + 0.5) * width, TOP + drawing.height + 18, name, 'middle')] : [],
    ),
    ...rows.map((name, r) => svgText(LEFT - 8, yOf(r) + height / 2 + 4, name, 'end')),
    // What is marked lies on top of its neighbours.
    ...drawn.toSorted((a, b) => Number(a.isBest) - Number(b.isBest)).map(({ svg }) => svg),
  ];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function cellOf(trials: readonly Trial[], box: Box, { metric, shades, best }: Drawing) {
  const [lead] = trials;
  if (!lead) return [];
  const { x, y, width, height } = box;
  const isBest = lead.id === best;
  const score = scoreOf(lead);
  const rect = (className: string, fill = '', inset = 1) => {
    const size = `width="${svgNumber(width - 2 * inset)}" height="${svgNumber(height - 2 * inset)}"`;
    return `<rect class="${className}" x="${svgNumber(x + inset)}" y="${svgNumber(y + inset)}" ${size} rx="3"${fill}/>`;
  };
  const middle = (text: string, attributes = '') =>
    svgText(x + width / 2, y + height / 2 + 4, text, 'middle', attributes);
  const inside: string[] = [];
  if (score === undefined || !shades) inside.push(rect('none'), middle(lead.status === 'diverged' ? '×' : '…'));
  else {
    const color = shadeAt(shades.place(score));
    inside.push(rect('cell', ` fill="${hex(color)}"`));
    if (lead.status === 'dropped') inside.push(rect('cell', ' fill="url(#hatch)"'));
    if (width >= NUMBER_WIDTH) {
      inside.push(middle(metric.text(score).replace(' %', ''), `style="fill:${isLight(color) ? '#000' : '#fff'}"`));
    }
    if (isBest) inside.push(rect('best', '', 0));
  }
  const more = trials.length > 1 ? `\nthe best of ${count(trials.length)} trials with these values` : '';
  return [{ isBest, svg: `<g><title>${escapeHtml(trialText(lead) + more)}</title>${inside.join('')}</g>` }];
}

function strewn({ map, shades, best, height }: Drawing): string[] {
  const [x, y] = [scaleOf(map.x), map.y && scaleOf(map.y)];
  const xOf = (value: number) => LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  const yOf = (value: number) => TOP + height * (1 - (y ? y.place(value) : 0.5));
  const lines = [
    ...x.ticks.flatMap(({ value, label }) => [
      gridLine(xOf(value), TOP, xOf(value), TOP + height),
      svgText(xOf(value), TOP + height + 18, label, 'middle'),
    ]),
    ...(y?.ticks ?? []).flatMap(({ value, label }) => [
      gridLine(LEFT, yOf(value), WIDTH - RIGHT, yOf(value)),
      svgText(LEFT - 8, yOf(value) + 4, label, 'end'),
    ]),
  ];
  const bestLast = map.trials.toSorted((a, b) => Number(a.id === best) - Number(b.id === best));
  const dots = bestLast.map((trial) => {
    const [cx, cy] = [xOf(map.x.of(trial.config)), yOf(map.y ? map.y.of(trial.config) : 0)];
    return `<g><title>${escapeHtml(trialText(trial))}</title>${dot(trial, cx, cy, shades, trial.id === best)}</g>`;
  });
  return [...lines, ...dots];
}

function dot(trial: Trial, x: number, y: number, shades: ScoreShades | undefined, isBest: boolean): string {
  const circle = (className: string, radius: number, fill = '') =>
    `<circle class="${className}" cx="${svgNumber(x)}" cy="${svgNumber(y)}" r="${radius}"${fill}/>`;
  const score = scoreOf(trial);
  if (score === undefined || !shades) {
    return circle('none', RADIUS) + svgText(x, y + 4, trial.status === 'diverged' ? '×' : '…', 'middle');
  }
  const parts = [circle('cell', RADIUS, ` fill="${hex(shadeAt(shades.place(score)))}"`)];
  if (trial.status === 'dropped') parts.push(circle('cell', RADIUS, ' fill="url(#hatch)"'));
  if (isBest) parts.push(circle('best', RADIUS + 2));
  return parts.join('');
}

const gridLine = (x1: number, y1: number, x2: number, y2: number) =>
  `<line class="grid" x1="${svgNumber(x1)}" y1="${svgNumber(y1)}" x2="${svgNumber(x2)}" y2="${svgNumber(y2)}"/>`;

const scaleOf = ({ low, high, logarithmic: log }: MapAxis): Scale =>
  log ? logarithmic(low, high, 6) : linear(low, high, 5);

const hex = (color: readonly number[]) => `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** The shades from the worst to the best, and the marks that are there. */
function legend({ metric, shades, best }: Drawing, trials: readonly Trial[]): string[] {
  if (!shades) return [svgText(LEFT, 16, 'No trial has been measured.', 'start')];
  const worst = `${shades.clipped ? (metric.share ? '≤ ' : '≥ ') : ''}${metric.text(shades.worst)}`;
  const bar = Array.from({ length: 9 }, (_, i) => {
    return `<rect x="${142 + 10 * i}" y="6" width="10" height="12" fill="${hex(shadeAt(i / 8))}"/>`;
  });
  const marks: [shown: boolean, name: string, drawn: string][] = [
    [best !== null, 'best', '<rect class="best" x="0" y="6" width="12" height="12" rx="2"/>'],
    [
      trials.some((trial) => trial.status === 'dropped' && scoreOf(trial) !== undefined),
      'dropped',
      '<rect class="none" x="0" y="6" width="12" height="12" rx="2"/><rect x="0" y="6" width="12" height="12" fill="url(#hatch)"/>',
    ],
    [trials.some(({ status }) => status === 'diverged'), 'diverged', svgText(6, 16, '×', 'middle')],
  ];
  const shown = marks.filter(([isShown]) => isShown);
  return [
    svgText(136, 16, worst, 'end'),
    ...bar,
    svgText(238, 16, metric.text(shades.best), 'start'),
    ...shown.map(
      ([, name, drawn], i) =>
        `<g transform="translate(${300 + 60 * i} 0)">${drawn}${svgText(16, 16, name, 'start')}</g>`,
    ),
  ];
}
