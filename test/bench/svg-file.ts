import { svgText } from '../../src/cli/charts/html.js';

export interface SvgFile {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** CSS of what is drawn, in the colours below. */
  readonly rules: string;
  readonly parts: readonly string[];
}

/** Colours in a light and in a dark scheme. */
const COLOURS = {
  ink: ['#1f2328', '#e6edf3'],
  grid: ['#d1d9e0', '#3d444d'],
  bar: ['#8c959f', '#6e7681'],
  grey: ['#59636e', '#9198a1'],
  blue: ['#0969da', '#4493f8'],
  green: ['#1a7f37', '#3fb950'],
  orange: ['#bc4c00', '#db6d28'],
};
const colours = (scheme: 0 | 1) =>
  Object.entries(COLOURS)
    .map(([name, both]) => `--${name}: ${both[scheme]};`)
    .join(' ');

/** Returns a chart as an SVG file under its title, in the colours of the reader's light or dark scheme. */
export function svgFile({ title, width, height, rules, parts }: SvgFile): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<style>
svg { ${colours(0)} }
@media (prefers-color-scheme: dark) { svg { ${colours(1)} } }
text { font: 13px system-ui, sans-serif; fill: var(--ink); }
#title { font-size: 16px; font-weight: 600; }
.heading { font-weight: 600; }
${rules}
</style>
${[svgText(0, 20, title, 'start', 'id="title"'), ...parts].join('\n')}
</svg>
`;
}
