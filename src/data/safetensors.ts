import { isRecord, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { DuplicateKey, parseJson } from './parse-json.js';

/** A tensor in a file: row-major elements without gaps. */
export type StoredTensor =
  | { shape: number[]; dtype: 'F32'; data: Float32Array }
  | { shape: number[]; dtype: 'U32'; data: Uint32Array };

/** The header's length as a little-endian u64. */
const PREFIX = 8;
/** The limit of the reference implementation, in bytes. */
const MAX_HEADER = 100_000_000;
const METADATA = '__metadata__';

/**
 * Returns a safetensors file of `tensors`, in their order: the length of the header (u64, little-endian), the header
 * (JSON, padded with spaces to 8 bytes), the elements. Source: https://github.com/huggingface/safetensors, "Format".
 * @throws TypeError or RangeError if a name is used twice, a shape does not fit its data, or metadata is not text.
 */
export function writeSafetensors(
  tensors: readonly { name: string; shape: readonly number[]; data: Float32Array | Uint32Array }[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === 'string') continue;
    throw new TypeError(`safetensors: metadata '${key}' must be a string, got ${show(value)}`);
  }
  const entries = new Map([[METADATA, JSON.stringify(metadata)]]);
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (entries.has(name)) throw new RangeError(`safetensors: the name '${name}' is taken`);
    if (elementsOf(shape) !== data.length) {
      throw new RangeError(`safetensors: '${name}' of shape ${show(shape)} cannot hold ${data.length} elements`);
    }
    const dtype = data instanceof Float32Array ? 'F32' : 'U32';
    entries.set(name, JSON.stringify({ dtype, shape, data_offsets: [end, end + data.byteLength] }));
    end += data.byteLength;
  }
  const json = `{${Array.from(entries, ([name, entry]) => `${JSON.stringify(name)}:${entry}`).join(',')}}`;
  const text = new TextEncoder().encode(json);
  const start = PREFIX + Math.ceil(text.length / 8) * 8;
  if (start - PREFIX > MAX_HEADER) {
    throw new RangeError(`safetensors: the header must be at most ${MAX_HEADER} bytes, got ${start - PREFIX}`);
  }
  const bytes = new Uint8Array(start + end);
  bytes.fill(0x20, PREFIX, start);
  bytes.set(text, PREFIX);
  new DataView(bytes.buffer).setUint32(0, start - PREFIX, true);
  let at = start;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Returns the tensors (copied) and the metadata of a safetensors file. Nothing in the file is trusted.
 * @throws EngineError of kind `format`, naming the byte offset or the tensor: the header is too long or no JSON of the
 * expected form, a name appears twice, a type is neither F32 nor U32, or the tensors do not fill the file without gap
 * and overlap.
 */
export function readSafetensors(bytes: Uint8Array): {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
} {
  const { header, start } = readHeader(bytes);
  const { [METADATA]: metadata = {}, ...rest } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw refuse(`${METADATA} must be an object of strings`);
  }
  const entries = Object.entries(rest).map(([name, entry]) => readEntry(name, entry));
  const inFile = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of inFile) {
    if (entry.begin !== end) {
      const fault = entry.begin > end ? 'leaves a gap' : 'overlaps the one before';
      throw refuse(`'${entry.name}' at offset ${start + entry.begin} ${fault}: expected offset ${start + end}`);
    }
    end = entry.end;
  }
  if (start + end !== bytes.length) {
    throw refuse(`the tensors end at offset ${start + end}, the file at offset ${bytes.length}`);
  }
  const tensors = new Map(entries.map((entry) => [entry.name, copyTensor(entry, bytes, start)]));
  return { tensors, metadata: metadata as Record<string, string> };
}

const refuse = (message: string, options?: { cause: unknown }) =>
  new EngineError('format', `safetensors: ${message}`, options);

/** `show` for a value from a file, which may be long, deep, or an object with a `constructor` of its own. */
function showStored(value: unknown): string {
  if (isRecord(value)) return 'an object';
  if (Array.isArray(value) && value.some((element) => typeof element === 'object')) return 'an array of objects';
  const text = show(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The product of the extents; that of a shape with a 0 is 0 even if the others are too large for a number. */
const elementsOf = (shape: readonly number[]) =>
  shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);

/** Returns the header as JSON and the offset of the first element. */
function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < PREFIX) {
    throw refuse(`too short at offset 0: expected at least ${PREFIX} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const most = Math.min(MAX_HEADER, bytes.length - PREFIX);
  if (length > most) {
    throw refuse(
      `header length at offset 0 must be at most ${most}, got ${length}: this is no safetensors file, or it is cut off`,
    );
  }
  let header: unknown;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    header = parseJson(decoder.decode(bytes.subarray(PREFIX, PREFIX + length)));
  } catch (cause) {
    const fault = cause instanceof DuplicateKey ? `has two entries '${cause.key}'` : 'is not JSON';
    throw refuse(`the header at offset ${PREFIX} ${fault}`, { cause });
  }
  if (!isRecord(header)) throw refuse(`the header at offset ${PREFIX} must be an object, got ${showStored(header)}`);
  return { header, start: PREFIX + length };
}

/** The header's entry for one tensor; offsets are in bytes after the header. */
interface Entry {
  name: string;
  dtype: 'F32' | 'U32';
  shape: number[];
  begin: number;
  end: number;
}

function readEntry(name: string, entry: unknown): Entry {
  if (!isRecord(entry)) throw refuse(`'${name}' must be an object, got ${showStored(entry)}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32' && dtype !== 'U32') {
    throw refuse(`'${name}' has dtype ${showStored(dtype)}, only F32 and U32 can be read`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw refuse(`'${name}' must have a shape of integers >= 0, got ${showStored(shape)}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw refuse(`'${name}' must have data_offsets [begin, end], got ${showStored(offsets)}`);
  }
  const [begin, end] = offsets;
  const size = 4 * elementsOf(shape);
  if (end - begin !== size) {
    throw refuse(`'${name}' of shape ${showStored(shape)} needs ${size} bytes, its data_offsets span ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** Copies the elements: in the file they need not lie at a multiple of 4. */
function copyTensor({ dtype, shape, begin, end }: Entry, bytes: Uint8Array, start: number): StoredTensor {
  const copy = new Uint8Array(end - begin);
  copy.set(bytes.subarray(start + begin, start + end));
  return dtype === 'F32'
    ? { shape, dtype, data: new Float32Array(copy.buffer) }
    : { shape, dtype, data: new Uint32Array(copy.buffer) };
}
