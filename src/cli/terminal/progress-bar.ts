import type { Terminal } from './terminal.js';

/** A view is drawn again no sooner than this. */
export const REDRAW_MILLISECONDS = 100;
const WIDTH = 24;

/**
 * Returns a progress bar with texts beside it, cut to fit on one line: a line that breaks could not be rewritten.
 * @param share in [0, 1]
 */
export function progressBar(share: number, texts: readonly string[], { color, columns }: Terminal): string {
  const filled = Math.floor(WIDTH * share);
  const bar = '━'.repeat(filled);
  const rest = (color ? '━' : '─').repeat(WIDTH - filled);
  const text = ` ${texts.join('  ')}`.slice(0, Math.max(0, columns - WIDTH - 1));
  return `${color ? `\x1b[36m${bar}\x1b[90m${rest}\x1b[39m` : bar + rest}${text}`;
}
