import { EngineError } from './engine-error.js';

/** What a file says is not the caller's mistake: an argument that is wrong there is an error of its format. */
export function asFormatError<T>(make: () => T, prefix = ''): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('format', prefix + message, { cause });
  }
}
