import { show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';

/** The elements of an IDX file. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The types of elements: the name, the bytes, an array of so many, and the number at a place. */
const TYPES: Readonly<Record<number, ElementType>> = {
  8: ['uint8', 1, (length) => new Uint8Array(length), (view, at) => view.getUint8(at)],
  9: ['int8', 1, (length) => new Int8Array(length), (view, at) => view.getInt8(at)],
  11: ['int16', 2, (length) => new Int16Array(length), (view, at) => view.getInt16(at)],
  12: ['int32', 4, (length) => new Int32Array(length), (view, at) => view.getInt32(at)],
  13: ['float32', 4, (length) => new Float32Array(length), (view, at) => view.getFloat32(at)],
  14: ['float64', 8, (length) => new Float64Array(length), (view, at) => view.getFloat64(at)],
};

type ElementType = readonly [
  name: string,
  bytes: number,
  make: (length: number) => IdxData,
  read: (view: DataView, at: number) => number,
];

const UINT8 = 8;

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;
const refuse = (message: string) => new EngineError('format', `idx: ${message}`);

/**
 * Returns the shape and the elements (row-major; unsigned bytes are a view of `bytes`) of an IDX file, as MNIST has them: two
 * zero bytes, the type, the number of dimensions, each dimension as a big-endian u32, the elements, big-endian too.
 * Source: http://yann.lecun.com/exdb/mnist.
 * @throws EngineError of kind `format`, naming the byte offset, if it is anything else.
 */
export function parseIdx(bytes: Uint8Array): { shape: number[]; data: IdxData } {
  if (bytes.length < 4) throw refuse(`too short at offset 0: expected at least 4 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint16(0);
  if (magic !== 0) {
    const hint = magic === 0x1f8b ? ' (gzip: unpack it first)' : '';
    throw refuse(`wrong magic at offset 0: expected 0x0000, got ${hex(magic, 4)}${hint}`);
  }
  const type = TYPES[bytes[2]];
  if (!type) {
    const known = Object.entries(TYPES).map(([code, [name]]) => `${hex(Number(code), 2)} (${name})`);
    throw refuse(`wrong type at offset 2: expected ${known.join(', ')}, got ${hex(bytes[2], 2)}`);
  }
  const [, size, make, read] = type;
  const rank = bytes[3];
  if (rank === 0) throw refuse('wrong number of dimensions at offset 3: expected at least 1, got 0');
  const start = 4 + 4 * rank;
  if (bytes.length < start) {
    throw refuse(`too short at offset 4: expected ${4 * rank} bytes of dimensions, got ${bytes.length - 4}`);
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const elements = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start !== elements * size) {
    const got = bytes.length - start;
    throw refuse(`wrong length at offset ${start}: expected ${elements * size} bytes for ${show(shape)}, got ${got}`);
  }
  if (bytes[2] === UINT8) return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, elements) };
  const data = make(elements);
  for (let i = 0; i < elements; i++) data[i] = read(view, start + i * size);
  return { shape, data };
}
