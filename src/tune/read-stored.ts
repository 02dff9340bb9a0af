import { parseJson } from '../data/parse-json.js';
import { EngineError } from '../errors/engine-error.js';
import type { Check } from './check-saved.js';

/** Returns the error of a file that is not as it was written. */
export const damaged = (message: string, cause?: unknown) =>
  new EngineError('format', `search: resume: the file is damaged: ${message}`, { cause });

/** Returns a JSON object of a file's metadata. @throws EngineError of kind `format` if it is not as it was written */
export function readStored<T>(
  metadata: Readonly<Record<string, string>>,
  key: string,
  check: Check,
  reviver?: (key: string, value: unknown) => unknown,
): T {
  let value: unknown;
  try {
    value = parseJson(metadata[key], reviver);
  } catch (cause) {
    throw damaged(`its ${key} is no JSON: ${(cause as Error).message}`, cause);
  }
  check(value, key);
  return value as T;
}
