/** The output of a command, and what may be written there. */
export interface Terminal {
  write(text: string): void;
  /** True if a line may be rewritten: a person watches, and no CI log is filled. */
  readonly live: boolean;
  /** True if escape codes for colours may be used. */
  readonly color: boolean;
  /** Columns of a line; 100 if unknown. */
  readonly columns: number;
  /** Lines that are seen at once; 24 if unknown. */
  readonly rows: number;
}

/** Returns the terminal behind a stream such as `process.stdout`. `NO_COLOR` (https://no-color.org) and `CI` are respected. */
export function terminalOf(
  stream: { write(text: string): unknown; isTTY?: boolean; columns?: number; rows?: number },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const watched = stream.isTTY === true && env.TERM !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    live: watched && !env.CI,
    color: watched && !env.NO_COLOR,
    columns: stream.columns ?? 100,
    rows: stream.rows ?? 24,
  };
}

/** A view is drawn again no sooner than this. */
export const REDRAW_MILLISECONDS = 100;
/** Work of fewer milliseconds needs no bar. */
export const SOON_MILLISECONDS = 500;
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
