import { show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';

const TYPES: Record<number, string> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;
const refuse = (message: string) => new EngineError('format', `idx: ${message}`);

/**
 * Returns the shape and the elements (row-major, a view of `bytes`) of an IDX file of unsigned bytes, as MNIST has them:
 * two zero bytes, the type, the number of dimensions, each dimension as a big-endian u32, the elements.
 * Source: http://yann.lecun.com/exdb/mnist.
 * @throws EngineError of kind `format`, naming the byte offset, if it is anything else.
 */
export function parseIdx(bytes: Uint8Array): { shape: number[]; data: Uint8Array } {
  if (bytes.length < 4) throw refuse(`too short at offset 0: expected at least 4 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint16(0);
  if (magic !== 0) {
    const hint = magic === 0x1f8b ? ' (gzip: unpack it first)' : '';
    throw refuse(`wrong magic at offset 0: expected 0x0000, got ${hex(magic, 4)}${hint}`);
  }
  const type = bytes[2];
  if (type !== 8) {
    const name = TYPES[type] ?? 'unknown';
    throw refuse(`wrong type at offset 2: expected 0x08 (uint8), got ${hex(type, 2)} (${name})`);
  }
  const rank = bytes[3];
  if (rank === 0) throw refuse('wrong number of dimensions at offset 3: expected at least 1, got 0');
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw refuse(`too short at offset 4: expected ${4 * rank} bytes of dimensions, got ${bytes.length - 4}`);
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const elements = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start !== elements) {
    const got = bytes.length - start;
    throw refuse(`wrong length at offset ${start}: expected ${elements} bytes for ${show(shape)}, got ${got}`);
  }
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, elements) };
}
