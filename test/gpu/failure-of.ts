import { EngineError } from '../../src/errors/engine-error.js';

/** The failure of a promise, or of a function before it gives one. */
export async function failureOf(action: () => unknown): Promise<EngineError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('test: nothing failed');
}
