/** Columns of a progress bar. */
export const BAR = 24;

/** Returns a progress bar of which a share in [0, 1] is filled. */
export function progressBar(share: number, color: boolean): string {
  const filled = Math.floor(BAR * share);
  const bar = '━'.repeat(filled);
  const rest = (color ? '━' : '─').repeat(BAR - filled);
  return color ? `\x1b[36m${bar}\x1b[90m${rest}\x1b[39m` : bar + rest;
}
