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
