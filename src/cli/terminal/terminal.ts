/** Where a command writes, and what may be written there. */
export interface Terminal {
  write(text: string): void;
  /** A line may be rewritten: a person watches, and no CI log is filled. */
  readonly live: boolean;
  /** Escape codes for colours may be used. */
  readonly color: boolean;
  /** How wide a line may be; 100 where that is not known. */
  readonly columns: number;
  /** How many lines are seen at once; 24 where that is not known. */
  readonly rows: number;
}

/** The terminal behind a stream such as `process.stdout`. `NO_COLOR` (https://no-color.org) and `CI` are respected. */
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
