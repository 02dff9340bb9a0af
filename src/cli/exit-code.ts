import { EngineError, type EngineErrorKind } from '../errors/engine-error.js';
import { UsageError } from './parse-options.js';

/** What the process ends with. 130 is 128 + SIGINT, as shells have it. */
export const EXIT = { ok: 0, unexpected: 1, usage: 2, unsupported: 3, diverged: 4, lost: 5, interrupted: 130 } as const;

const BY_KIND: Partial<Record<EngineErrorKind, number>> = {
  format: EXIT.usage,
  data: EXIT.usage,
  unsupported: EXIT.unsupported,
  limit: EXIT.unsupported,
  diverged: EXIT.diverged,
  lost: EXIT.lost,
  aborted: EXIT.interrupted,
};

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof EngineError) return BY_KIND[error.kind] ?? EXIT.unexpected;
  return EXIT.unexpected;
}

/** What a person reads of an error: a sentence where we wrote one, everything there is where we did not expect it. */
export function describeError(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n${error.hint}`;
  if (error instanceof EngineError) return `wgrad: ${error.message}`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `wgrad: this should not have happened\n${text}`;
}
