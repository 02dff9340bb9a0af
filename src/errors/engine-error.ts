/**
 * A failure of the world, as opposed to a programmer's mistake (those are `RangeError` and `TypeError`):
 * - `unsupported`: no WebGPU, no adapter, a missing feature or package
 * - `limit`: the device's limits are too small for what was asked
 * - `memory`: the device is out of memory
 * - `lost`: the device was lost or destroyed
 * - `validation`: WebGPU refused a command, or a readback did not happen
 * - `diverged`: a loss or a parameter stopped being finite
 * - `aborted`: the caller's signal was aborted
 * - `disposed`: the object was used after `dispose()`
 * - `format`: a file is not what it should be
 * - `data`: an example holds a value that cannot be trained on
 */
export type EngineErrorKind =
  | 'unsupported'
  | 'limit'
  | 'memory'
  | 'lost'
  | 'validation'
  | 'diverged'
  | 'aborted'
  | 'disposed'
  | 'format'
  | 'data';

/** The one class of error for failures of the world; `kind` says which, `cause` keeps the platform's own error. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;

  constructor(kind: EngineErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EngineError';
    this.kind = kind;
  }
}

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

/** The time is over: whatever is being measured or checked cannot be finished. */
export class OutOfTime extends Error {}

/** @throws EngineError of kind `aborted`, caused by the signal's reason, if the signal is aborted */
export function throwIfAborted(where: string, signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new EngineError('aborted', `${where}: the signal was aborted`, { cause: signal.reason });
}
