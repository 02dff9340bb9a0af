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
