import { svgNumber, svgText } from '../../src/cli/charts/html.js';
import { svgFile } from './svg-file.js';

/** A bar and the text behind it. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The ends of its measurements. */
  readonly min: number;
  readonly max: number;
  readonly text: string;
  readonly own: boolean;
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABELS = 110;
const TEXT = 190;
const ROW = 24;
const HEADER = 34;

const RULES = `
.own { fill: var(--green); }
.rival { fill: var(--bar); }
.range { stroke: var(--ink); stroke-width: 1.5; }`;

/** Returns horizontal bars as an SVG file: a scale for each group, shorter is better, the range of the rounds as a thin line. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  let y = 44;
  const parts: string[] = [];
  for (const { title: heading, bars } of groups) {
    const most = Math.max(...bars.map(({ max }) => max));
    const lengthOf = (value: number) => ((WIDTH - LABELS - TEXT) * value) / most;
    parts.push(svgText(0, y + 14, heading, 'start', 'class="heading"'));
    y += HEADER - 8;
    for (const { label, value, min, max, text, own } of bars) {
      const middle = y + ROW / 2 - 2;
      const [x1, x2] = [min, max].map((end) => svgNumber(LABELS + lengthOf(end)));
      parts.push(
        svgText(LABELS - 8, middle + 4, label, 'end'),
        `<rect class="${own ? 'own' : 'rival'}" x="${LABELS}" y="${y}" width="${svgNumber(lengthOf(value))}" height="${ROW - 6}" rx="2"/>`,
        `<line class="range" x1="${x1}" x2="${x2}" y1="${middle}" y2="${middle}"/>`,
        svgText(LABELS + lengthOf(max) + 8, middle + 4, text, 'start'),
      );
      y += ROW;
    }
    y += 16;
  }
  return svgFile({ title, width: WIDTH, height: y, rules: RULES, parts });
}
