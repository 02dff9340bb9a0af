import { escapeHtml } from '../../src/cli/charts/escape-html.js';

/** A bar and what stands behind it. */
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

/**
 * Returns horizontal bars as an SVG file, each group to its own scale, shorter is better. Colours follow the reader's
 * light or dark scheme; the thin line is the range of the rounds.
 */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  let y = 44;
  const parts: string[] = [];
  for (const { title: heading, bars } of groups) {
    const most = Math.max(...bars.map(({ max }) => max));
    const lengthOf = (value: number) => ((WIDTH - LABELS - TEXT) * value) / most;
    parts.push(`<text class="heading" x="0" y="${y + 14}">${escapeHtml(heading)}</text>`);
    y += HEADER - 8;
    for (const { label, value, min, max, text, own } of bars) {
      const middle = y + ROW / 2 - 2;
      parts.push(
        `<text x="${LABELS - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(label)}</text>`,
        `<rect class="${own ? 'own' : 'rival'}" x="${LABELS}" y="${y}" width="${place(lengthOf(value))}" height="${ROW - 6}" rx="2"/>`,
        `<line class="range" x1="${place(LABELS + lengthOf(min))}" x2="${place(LABELS + lengthOf(max))}" y1="${middle}" y2="${middle}"/>`,
        `<text x="${place(LABELS + lengthOf(max) + 8)}" y="${middle + 4}">${escapeHtml(text)}</text>`,
      );
      y += ROW;
    }
    y += 16;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escapeHtml(title)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
.own { fill: #1a7f37; }
.rival { fill: #8c959f; }
.range { stroke: #1f2328; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .own { fill: #3fb950; }
  .rival { fill: #6e7681; }
  .range { stroke: #e6edf3; }
}
</style>
<text class="title" x="0" y="20">${escapeHtml(title)}</text>
${parts.join('\n')}
</svg>
`;
}

const place = (value: number) => String(Number(value.toFixed(1)));
