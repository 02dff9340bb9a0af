import type { SearchResult, Trial } from '../../tune.js';
import { metricOf } from '../tune/search-metric.js';
import { DROPPED_RADIUS, FRAME, hex, type MapDrawing } from './map-drawing.js';
import { scoreOf, shadeAt, shadesOf } from './score-shades.js';
import { mapOf, type SearchMap } from './search-map.js';
import { escapeHtml, svgNumber, svgText } from './svg.js';
import { svgDots } from './svg-map-dots.js';
import { svgGrid } from './svg-map-grid.js';

/** Height of the plot where trials are strewn, and of a row of a grid at most and at least. */
const PLOT = 260;
const HIGHEST_ROW = 44;
const LOWEST_ROW = 14;

/**
 * Returns the map of a search as an SVG element: the cells of a grid, or a dot for each trial where they are strewn; an
 * empty text if no number was varied. Everything says its numbers when pointed at; what was dropped is smaller. Of the page
 * it needs `.grid`, `.best`, `.none` (unmeasured), `.any` and `text`.
 */
export function svgMap(result: SearchResult): string {
  const map = mapOf(result);
  if (!map) return '';
  const height = heightOf(map);
  const metric = metricOf(result);
  const drawing = { map, metric, shades: shadesOf(result.trials), best: result.best, height };
  const label = `${metric.name} over ${map.x.name}${map.y ? ` and ${map.y.name}` : ''}`;
  const parts = [
    `<svg viewBox="0 0 ${FRAME.width} ${svgNumber(FRAME.top + height + FRAME.bottom)}" role="img" aria-label="${escapeHtml(label)}">`,
    ...legend(drawing, result.trials),
    ...(map.onGrid ? svgGrid(drawing) : svgDots(drawing)),
    svgText((FRAME.left + FRAME.width - FRAME.right) / 2, FRAME.top + height + FRAME.bottom - 8, map.x.name, 'middle'),
    // Above its labels: turned text is hard to read.
    ...(map.y ? [svgText(4, FRAME.top - 10, map.y.name, 'start')] : []),
    '</svg>',
  ];
  return parts.join('\n');
}

function heightOf({ onGrid, y }: SearchMap): number {
  if (!y) return HIGHEST_ROW;
  const rows = y.values.length;
  return onGrid ? rows * Math.max(LOWEST_ROW, Math.min(HIGHEST_ROW, PLOT / rows)) : PLOT;
}

/** The shades from the worst to the best, and below the marks that are there. */
function legend({ metric, shades, best }: MapDrawing, trials: readonly Trial[]): string[] {
  if (!shades) return [svgText(FRAME.left, 16, 'No trial has been measured.', 'start')];
  const worst = `${shades.clipped ? (metric.share ? '≤ ' : '≥ ') : ''}${metric.text(shades.worst)}`;
  const bar = Array.from({ length: 9 }, (_, i) => {
    return `<rect x="${FRAME.left + 100 + 12 * i}" y="6" width="12" height="12" fill="${hex(shadeAt(i / 8))}"/>`;
  });
  const isDropped = trials.some((trial) => trial.status === 'dropped' && scoreOf(trial) !== undefined);
  const marks: [shown: boolean, name: string, drawn: string][] = [
    [best !== null, 'best', '<rect class="best" x="1" y="-5" width="11" height="11" rx="2"/>'],
    [isDropped, 'dropped', `<circle class="any" cx="6" cy="1" r="${DROPPED_RADIUS}"/>`],
    [trials.some(({ status }) => status === 'diverged'), 'diverged', svgText(6, 5, '×', 'middle')],
  ];
  const shown = marks.filter(([isShown]) => isShown);
  return [
    svgText(FRAME.left + 92, 16, worst, 'end'),
    ...bar,
    svgText(FRAME.left + 216, 16, metric.text(shades.best), 'start'),
    ...shown.map(([, name, drawn], i) => {
      return `<g transform="translate(${FRAME.left + 100 + 100 * i} 36)">${drawn}${svgText(20, 5, name, 'start')}</g>`;
    }),
  ];
}
