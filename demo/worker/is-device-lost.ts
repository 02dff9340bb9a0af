import { EngineError } from 'wgrad';

/** Returns true if an error says that the GPU device was lost; the failed work is then repeated on another one. */
export function isDeviceLost(error: unknown): boolean {
  return error instanceof EngineError && error.kind === 'lost';
}
