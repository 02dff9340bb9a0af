const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it may stand in HTML and SVG, between tags or in quotes. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char]);

/** A coordinate of an SVG, to a hundredth. */
export const svgNumber = (value: number) => String(Number(value.toFixed(2)));

/** A text of an SVG, `anchor` of which (`start`, `middle` or `end`) is at x; `attributes` as they stand in the element. */
export function svgText(x: number, y: number, content: string, anchor: string, attributes = ''): string {
  const place = `x="${svgNumber(x)}" y="${svgNumber(y)}" text-anchor="${anchor}"`;
  return `<text ${place}${attributes && ` ${attributes}`}>${escapeHtml(content)}</text>`;
}
