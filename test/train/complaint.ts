import { EngineError } from '../../src/errors/engine-error.js';

/** Returns the error that is thrown, as `RangeError: ...` or `EngineError of kind lost: ...`; 'nothing' if nothing is. */
export async function complaint(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'nothing';
  } catch (error) {
    if (error instanceof EngineError) return `EngineError of kind ${error.kind}: ${error.message}`;
    return String(error);
  }
}
