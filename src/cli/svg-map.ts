import type { SearchResult, Trial } from '../index.js';
import { linear, logarithmic, type Scale } from './chart-scale.js';
import { escapeHtml } from './escape-html.js';
import { count } from './numbers.js';
import { isLight, type ScoreShades, scoreOf, shadeAt, shadesOf } from './score-shades.js';
import { gridCells, type MapAxis, mapOf, type SearchMap } from './search-map.js';
import { metricOf, type SearchMetric } from './search-metric.js';
import { svgNumber, svgText } from './svg-text.js';
import { trialText, valueText } from './trial-text.js';

const WIDTH = 480;
const LEFT = 64;
const RIGHT = 18;
const TOP = 66;
const BOTTOM = 48;
/** Height of the plot where trials are strewn, and of a row of a grid at most and at least. */
const PLOT = 260;
const HIGHEST_ROW = 44;
const LOWEST_ROW = 14;
/** Narrower cells have no number in them. */
const NUMBER_WIDTH = 44;
/** Of a letter, at most, on a narrow page. */
const LETTER = 8;
const RADIUS = 7;
/** Of what was dropped, and the space around it in a cell, of whose height it takes a fifth at most. */
const DROPPED_RADIUS = 4;
const DROPPED_INSET = 6;

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
 * empty text if no number was varied. Everything says its numbers when pointed at, and what was
 * dropped is smaller. Of the page it needs `.grid`, `.best`, `.none` (unmeasured), `.any` and `text`.
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
    ...legend(drawing, result.trials),
    ...(map.onGrid ? grid(drawing) : strewn(drawing)),
    svgText((LEFT + WIDTH - RIGHT) / 2, TOP + height + BOTTOM - 8, map.x.name, 'middle'),
    // Above its labels: turned text is hard to read.
    ...(map.y ? [svgText(4, TOP - 10, map.y.name, 'start')] : []),
    '</svg>',
  ];
  return parts.join('\n');
}

function grid(drawing: Drawing): string[] {
  const { columns, rows, cells } = gridCells(drawing.map);
  const [width, height] = [(WIDTH - LEFT - RIGHT) / columns.length, drawing.height / rows.length];
  const every = Math.ceil((LETTER * Math.max(...columns.map(({ length }) => length)) + LETTER) / width);
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
    const inset = lead.status === 'dropped' ? Math.min(DROPPED_INSET, height / 5) : 1;
    inside.push(rect('cell', ` fill="${hex(color)}"`, inset));
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
    ...x.ticks.flatMap(({ value }) => [
      gridLine(xOf(value), TOP, xOf(value), TOP + height),
      svgText(xOf(value), TOP + height + 18, valueText(value), 'middle'),
    ]),
    ...(y?.ticks ?? []).flatMap(({ value }) => [
      gridLine(LEFT, yOf(value), WIDTH - RIGHT, yOf(value)),
      svgText(LEFT - 8, yOf(value) + 4, valueText(value), 'end'),
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
  const radius = trial.status === 'dropped' ? DROPPED_RADIUS : RADIUS;
  return (
    circle('cell', radius, ` fill="${hex(shadeAt(shades.place(score)))}"`) + (isBest ? circle('best', RADIUS + 2) : '')
  );
}

const gridLine = (x1: number, y1: number, x2: number, y2: number) =>
  `<line class="grid" x1="${svgNumber(x1)}" y1="${svgNumber(y1)}" x2="${svgNumber(x2)}" y2="${svgNumber(y2)}"/>`;

const scaleOf = ({ low, high, logarithmic: log }: MapAxis): Scale =>
  log ? logarithmic(low, high, 6) : linear(low, high, 5);

const hex = (color: readonly number[]) => `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

/** The shades from the worst to the best, and below the marks that are there. */
function legend({ metric, shades, best }: Drawing, trials: readonly Trial[]): string[] {
  if (!shades) return [svgText(LEFT, 16, 'No trial has been measured.', 'start')];
  const worst = `${shades.clipped ? (metric.share ? '≤ ' : '≥ ') : ''}${metric.text(shades.worst)}`;
  const bar = Array.from({ length: 9 }, (_, i) => {
    return `<rect x="${LEFT + 100 + 12 * i}" y="6" width="12" height="12" fill="${hex(shadeAt(i / 8))}"/>`;
  });
  const isDropped = trials.some((trial) => trial.status === 'dropped' && scoreOf(trial) !== undefined);
  const marks: [shown: boolean, name: string, drawn: string][] = [
    [best !== null, 'best', '<rect class="best" x="1" y="-5" width="11" height="11" rx="2"/>'],
    [isDropped, 'dropped', `<circle class="any" cx="6" cy="1" r="${DROPPED_RADIUS}"/>`],
    [trials.some(({ status }) => status === 'diverged'), 'diverged', svgText(6, 5, '×', 'middle')],
  ];
  const shown = marks.filter(([isShown]) => isShown);
  return [
    svgText(LEFT + 92, 16, worst, 'end'),
    ...bar,
    svgText(LEFT + 216, 16, metric.text(shades.best), 'start'),
    ...shown.map(([, name, drawn], i) => {
      return `<g transform="translate(${LEFT + 100 + 100 * i} 36)">${drawn}${svgText(20, 5, name, 'start')}</g>`;
    }),
  ];
}
