import { createHash } from 'node:crypto';
import type { Dataset } from '../data/dataset.js';
import { EngineError } from '../errors/engine-error.js';

/** A data set without its numbers, as JSON holds it. */
export interface DescribedDataset extends Omit<Dataset, 'x' | 'y'> {
  /** The types of `x` and `y`. */
  readonly types: readonly [x: 'u8' | 'f32', y: 'u32' | 'f32'];
  /** SHA-256 of everything in it. */
  readonly hash: string;
}

/** A data set as bytes: `x`, then `y`, little-endian. */
export interface PackedDataset {
  readonly described: DescribedDataset;
  readonly bytes: Uint8Array;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);

/** Returns a data set as bytes, with its hash. */
export function packDataset({ x, y, ...rest }: Dataset): PackedDataset {
  const types = [x instanceof Uint8Array ? 'u8' : 'f32', y instanceof Uint32Array ? 'u32' : 'f32'] as const;
  const bytes = new Uint8Array(x.byteLength + y.byteLength);
  bytes.set(bytesOf(x));
  bytes.set(bytesOf(y), x.byteLength);
  return { bytes, described: { ...rest, types, hash: hashOf({ ...rest, types }, bytes) } };
}

/** Returns what `packDataset` packed. @throws EngineError of kind `data` if the bytes are not those of the hash */
export function unpackDataset({ types, hash, ...rest }: DescribedDataset, bytes: Uint8Array): Dataset {
  if (hashOf({ ...rest, types }, bytes) !== hash) {
    throw new EngineError('data', `the data are not those of the search, whose SHA-256 is ${hash}`);
  }
  const { buffer } = new Uint8Array(bytes); // a copy: a Buffer may be a part of a larger one
  const { examples, features, outputs } = rest;
  const inputs = examples * features;
  const targets = examples * outputs;
  const at = types[0] === 'u8' ? inputs : 4 * inputs;
  const y = buffer.slice(at);
  return {
    ...rest,
    x: types[0] === 'u8' ? new Uint8Array(buffer, 0, inputs) : new Float32Array(buffer, 0, inputs),
    y: types[1] === 'u32' ? new Uint32Array(y, 0, targets) : new Float32Array(y, 0, targets),
  };
}

/** JSON keeps no order that could be relied on, so fields are hashed in the order of their names. */
function hashOf(fields: object, bytes: Uint8Array): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(sorted.filter(([, value]) => value !== undefined)))
    .update(bytes)
    .digest('hex');
}
