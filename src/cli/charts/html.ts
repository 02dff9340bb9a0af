const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee4; --paper: #ffffff;
    --a: #0b6bcb; --b: #c2410c; --c: #7a3fb0; --d: #1a7f37; --e: #b0127a; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #333b45; --paper: #14181d; --a: #58a6ff; --b: #ff9d5c; --c: #c297ff;
      --d: #56d364; --e: #ff7bcb; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
    margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } p { margin: .2rem 0; color: var(--soft); }
  .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; margin-top: 1.5rem; }
  figure { margin: 0; } figcaption { font-weight: 600; }
  svg { width: 100%; max-width: 40rem; height: auto; font-size: 12px; } svg text { fill: var(--soft); }
  @media (max-width: 30rem) { svg { font-size: 15px; } }
  .grid { stroke: var(--line); }
  polyline { fill: none; stroke-linejoin: round; } polyline, svg line:not(.grid) { stroke-width: 2; }
  .series0 { stroke: var(--a); } .series1 { stroke: var(--b); } .series2 { stroke: var(--c); } .series3 { stroke: var(--d); }
  .series4 { stroke: var(--e); } .any { stroke: var(--soft); } circle.any { fill: var(--soft); } line.dashed, polyline.dashed { stroke-dasharray: 6 4; }
  polyline.dense { stroke-width: 1; stroke-dasharray: none; }
  circle.series0 { fill: var(--a); } circle.series1 { fill: var(--b); } circle.series2 { fill: var(--c); }
  circle.series3 { fill: var(--d); } circle.series4 { fill: var(--e); } circle.dashed { fill: var(--paper); stroke-width: 2; }
  .best { fill: none; stroke: var(--ink); stroke-width: 3; } .none { fill: none; stroke: var(--line); }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: .25rem .8rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
  .scroll th, .scroll td { padding: .25rem .5rem; }
  .names th, .names td { text-align: left; vertical-align: top; white-space: normal; overflow-wrap: anywhere; } .names th { white-space: nowrap; }
  .left th, .left td { text-align: left; } .left td { white-space: normal; min-width: 5rem; } .dot { fill-opacity: .5; }
  code { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }`;

/** The parts of a page; `body` is HTML, everything else text. */
export interface PageParts {
  readonly title: string;
  readonly heading: string;
  readonly version: string;
  /** The command that repeats the run. */
  readonly command: string;
  readonly body: string;
}

/** Returns one page that loads nothing. */
export function reportPage({ title, heading, version, command, body }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wgrad: ${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(heading)}</h1>
<p>version ${escapeHtml(version)}; this repeats the run:</p>
<p><code>${escapeHtml(command)}</code></p>
${body}
</body>
</html>
`;
}

/** Returns a figure: its title, if it has one, and an SVG element. */
export const figure = (title: string, svg: string) =>
  `<figure>${title && `<figcaption>${escapeHtml(title)}</figcaption>`}\n${svg}\n</figure>`;

/** Returns a text as a paragraph. */
export const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;

/** Returns the settings of a run as rows: the preset only where it brings the data, and the reading of a table if there is one. */
export function settingRows({
  preset,
  data,
  table,
  ...settings
}: Readonly<Record<string, unknown>> & { readonly table: object | null }): [string, string][] {
  const all = { ...(data === null ? { preset } : { data }), ...settings, ...(data === null ? {} : table) };
  return Object.entries(all).map(([name, value]) => [name, setting(value)]);
}

/** Returns a setting as text. */
function setting(value: unknown): string {
  if (value === null) return '-';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}

/** Returns a table of names and values. */
export function namesTable(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`);
  return `<table class="names">\n${lines.join('\n')}\n</table>`;
}

/** Returns a table whose first row is its head; it scrolls if it is too wide. @param className of the table, such as `left` */
export function wideTable([head, ...rows]: readonly (readonly string[])[], className = ''): string {
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const lines = [line('th', head), ...rows.map((row) => line('td', row))];
  return scrolling(lines, className);
}

/** A cell with the share by which it is shaded: blue for what is right, orange for what is wrong. */
export interface Shaded {
  readonly text: string;
  readonly share?: number;
  readonly isRight?: boolean;
}

/** Returns a table with shaded cells, whose lines begin with their names; it scrolls if it is too wide. */
export function shadedTable(head: readonly string[], rows: readonly (readonly Shaded[])[]): string {
  const cell = ({ text, share = 0, isRight = false }: Shaded, i: number) => {
    if (i === 0) return `<th>${escapeHtml(text)}</th>`;
    const color = `rgb(${isRight ? '11 107 203' : '194 65 12'} / ${svgNumber(0.6 * share)})`;
    return `<td${share > 0 ? ` style="background: ${color}"` : ''}>${escapeHtml(text)}</td>`;
  };
  const lines = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  return scrolling([`<tr>${head.map((text) => `<th>${escapeHtml(text)}</th>`).join('')}</tr>`, ...lines]);
}

const scrolling = (lines: readonly string[], className = '') =>
  `<div class="scroll"><table${className && ` class="${className}"`}>\n${lines.join('\n')}\n</table></div>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Returns a text as it may stand in HTML and SVG, between tags or in quotes. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char]);

/** Returns a coordinate of an SVG, to a hundredth. */
export const svgNumber = (value: number) => String(Number(value.toFixed(2)));

/** Returns a text, `anchor` of which (`start`, `middle` or `end`) is at x; `attributes` as they stand in the element. */
export function svgText(x: number, y: number, content: string, anchor: string, attributes = ''): string {
  const place = `x="${svgNumber(x)}" y="${svgNumber(y)}" text-anchor="${anchor}"`;
  return `<text ${place}${attributes && ` ${attributes}`}>${escapeHtml(content)}</text>`;
}

/** Returns a straight line. */
export function svgLine(className: string, [x1, y1]: readonly number[], [x2, y2]: readonly number[]): string {
  const ends = `x1="${svgNumber(x1)}" y1="${svgNumber(y1)}" x2="${svgNumber(x2)}" y2="${svgNumber(y2)}"`;
  return `<line class="${className}" ${ends}/>`;
}

/** Returns parts with a text that is shown when one points at them. */
export const svgHint = (hint: string, ...parts: readonly string[]) =>
  `<g><title>${escapeHtml(hint)}</title>${parts.join('')}</g>`;

/** Returns an SVG element of `width` by `height`, whose top is at `top`. */
export function svgElement(label: string, [width, height]: readonly number[], parts: readonly string[], top = 0) {
  const box = `0 ${top} ${width} ${svgNumber(height)}`;
  return [`<svg viewBox="${box}" role="img" aria-label="${escapeHtml(label)}">`, ...parts, '</svg>'].join('\n');
}
