import type { Trial } from '../../tune.js';
import { count } from '../terminal/numbers.js';
import { trialText } from '../tune/trials.js';
import { FRAME, hex, type MapDrawing } from './map-drawing.js';
import { isLight, scoreOf, shadeAt } from './score-shades.js';
import { gridCells } from './search-map.js';
import { escapeHtml, svgNumber, svgText } from './svg.js';

/** Narrower cells have no number in them. */
const NUMBER_WIDTH = 44;
/** Of a letter, at most, on a narrow page. */
const LETTER = 8;
/** The space around what was dropped, of whose cell's height it takes a fifth at most. */
const DROPPED_INSET = 6;

/** Returns the cells of a grid, with the values of both axes beside them. */
export function svgGrid(drawing: MapDrawing): string[] {
  const { columns, rows, cells } = gridCells(drawing.map);
  const [width, height] = [(FRAME.width - FRAME.left - FRAME.right) / columns.length, drawing.height / rows.length];
  const every = Math.ceil((LETTER * Math.max(...columns.map(({ length }) => length)) + LETTER) / width);
  const yOf = (row: number) => FRAME.top + drawing.height - (row + 1) * height;
  const drawn = cells.flatMap((row, r) =>
    row.flatMap((trials, c) => cellOf(trials, { x: FRAME.left + c * width, y: yOf(r), width, height }, drawing)),
  );
  return [
    ...columns.flatMap((name, c) =>
      c % every === 0 ? [svgText(FRAME.left + (c + 0.5) * width, FRAME.top + drawing.height + 18, name, 'middle')] : [],
    ),
    ...rows.map((name, r) => svgText(FRAME.left - 8, yOf(r) + height / 2 + 4, name, 'end')),
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

function cellOf(trials: readonly Trial[], box: Box, { metric, shades, best }: MapDrawing) {
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
