import type { Trial } from '../../tune.js';
import { trialText, valueText } from '../tune/trials.js';
import { DROPPED_RADIUS, FRAME, hex, type MapDrawing, RADIUS } from './map-drawing.js';
import { linear, logarithmic, type Scale } from './scale.js';
import { type ScoreShades, scoreOf, shadeAt } from './score-shades.js';
import type { MapAxis } from './search-map.js';
import { escapeHtml, svgNumber, svgText } from './svg.js';

/** Returns a dot for each trial, in front of the lines of both axes. */
export function svgDots({ map, shades, best, height }: MapDrawing): string[] {
  const [x, y] = [scaleOf(map.x), map.y && scaleOf(map.y)];
  const xOf = (value: number) => FRAME.left + x.place(value) * (FRAME.width - FRAME.left - FRAME.right);
  const yOf = (value: number) => FRAME.top + height * (1 - (y ? y.place(value) : 0.5));
  const lines = [
    ...x.ticks.flatMap(({ value }) => [
      gridLine(xOf(value), FRAME.top, xOf(value), FRAME.top + height),
      svgText(xOf(value), FRAME.top + height + 18, valueText(value), 'middle'),
    ]),
    ...(y?.ticks ?? []).flatMap(({ value }) => [
      gridLine(FRAME.left, yOf(value), FRAME.width - FRAME.right, yOf(value)),
      svgText(FRAME.left - 8, yOf(value) + 4, valueText(value), 'end'),
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
