import { EngineError } from './engine-error.js';

/** Returns what `make` makes; a wrong argument there is a fault of the file: an EngineError of kind `format`. */
export function asFormatError<T>(make: () => T, prefix = ''): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('format', prefix + message, { cause });
  }
}
