import { show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Key } from './philox.js';

/** A seed as the user gives it: an integer in [0, 2^53) or a bigint in [0, 2^64). */
export type Seed = number | bigint;

/**
 * Returns the Philox key of a seed: its low and its high 32 bits.
 * @throws TypeError if it is neither number nor bigint, RangeError if it is negative, fractional or too large.
 */
export function seedKey(where: string, name: string, seed: unknown): Key {
  const message = `${where}: ${name} must be an integer in [0, 2^53) or a bigint in [0, 2^64), got ${show(seed)}`;
  if (typeof seed === 'bigint') {
    if (seed < 0n || seed >= 1n << 64n) throw new RangeError(message);
    return [Number(seed & 0xffffffffn), Number(seed >> 32n)];
  }
  if (typeof seed !== 'number') throw new TypeError(message);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(message);
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}

/**
 * Returns the seed that a file holds as a decimal integer: a number below 2^53, otherwise a bigint.
 * @throws EngineError of kind `format` naming `where` and `name` for any other text
 */
export function readSeed(where: string, name: string, text: unknown): Seed {
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) {
    throw new EngineError('format', `${where}: ${name} must be an integer, got ${JSON.stringify(text)}`);
  }
  const seed = BigInt(text);
  return seed < 1n << 53n ? Number(seed) : seed;
}
