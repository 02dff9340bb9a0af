import { EngineError, type EngineErrorKind } from '../errors/engine-error.js';
import { UsageError } from './parse-options.js';

/** The exit codes of the process. 130 is 128 + SIGINT, as in shells. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  unsupported: 3,
  diverged: 4,
  lost: 5,
  unwritten: 6,
  interrupted: 130,
} as const;

const BY_KIND: Partial<Record<EngineErrorKind, number>> = {
  format: EXIT.usage,
  data: EXIT.usage,
  unsupported: EXIT.unsupported,
  limit: EXIT.unsupported,
  diverged: EXIT.diverged,
  lost: EXIT.lost,
  aborted: EXIT.interrupted,
};

/** Returns the exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof EngineError) return BY_KIND[error.kind] ?? EXIT.unexpected;
  return EXIT.unexpected;
}

/** Returns an error as text: its sentence if it is ours or the file system's, its whole stack if it was not expected. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n${error.hint}`;
  if (error instanceof EngineError) return `wgrad: ${error.message}`;
  if (error instanceof Error && 'syscall' in error) return `wgrad: ${error.message}`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `wgrad: unexpected error, please report it\n${text}`;
}

/** Returns the exit code of `run`; an error that it throws is written to stderr. */
export async function reported(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    console.error(describeError(error));
    return exitCodeOf(error);
  }
}
