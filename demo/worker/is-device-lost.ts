import { EngineError } from 'wgrad';

/** Whether an error says that the GPU device was lost: what failed is to be done again on another one. */
export function isDeviceLost(error: unknown): boolean {
  return error instanceof EngineError && error.kind === 'lost';
}
