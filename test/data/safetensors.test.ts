import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/data/safetensors.js';
import { EngineError } from '../../src/errors/engine-error.js';
import { testRefusals } from '../errors/refusals.js';
import { caught } from '../train/caught.js';

/** A file of any header text and data. */
function file(header: string, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const W = '"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
const tensor = (begin: unknown, end: unknown, shape: unknown = [1], dtype: unknown = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

test('writeSafetensors lays the file out as published', () => {
  const bytes = writeSafetensors([{ name: 'w', shape: [1], data: Float32Array.of(1) }], { step: '7' });
  const header = '{"__metadata__":{"step":"7"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect(header.length).toBe(82);
  expect([...bytes.subarray(0, 8)]).toEqual([88, 0, 0, 0, 0, 0, 0, 0]);
  expect(new TextDecoder().decode(bytes.subarray(8, 96))).toBe(`${header}      `);
  expect([...bytes.subarray(96)]).toEqual([0, 0, 128, 63]);
});

test('readSafetensors copies data that is not aligned', () => {
  const bytes = file(`{${W},"n":${tensor(4, 12, [2], 'U32')}}`, [0, 0, 128, 63, 1, 0, 0, 0, 2, 0, 0, 255]);
  for (let shift = 0; shift < 4; shift++) {
    const shifted = new Uint8Array(bytes.length + shift);
    shifted.set(bytes, shift);
    const { tensors, metadata } = readSafetensors(shifted.subarray(shift));
    expect([...tensors]).toEqual([
      ['w', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }],
      ['n', { dtype: 'U32', shape: [2], data: Uint32Array.of(1, 0xff000002) }],
    ]);
    expect(metadata).toEqual({});
  }
});

test('writeSafetensors writes the part that a view shows', () => {
  const view = Uint32Array.of(1, 2, 3, 4).subarray(1, 3);
  const { tensors } = readSafetensors(writeSafetensors([{ name: 'v', shape: [2, 1], data: view }]));
  expect(tensors.get('v')?.data).toEqual(Uint32Array.of(2, 3));
});

test('tensors may lie in any order, be empty, and have no dimension', () => {
  const header = `{"b":${tensor(4, 8, [])},"none":${tensor(4, 4, [0, 9e15, 9e15])},"a":${tensor(0, 4)}}`;
  const { tensors } = readSafetensors(file(header, [0, 0, 128, 63, 0, 0, 0, 64]));
  expect([...tensors].map(([name, { data }]) => [name, ...data])).toEqual([['b', 2], ['none'], ['a', 1]]);
});

const text = fc.string({ unit: 'binary' });
const stored = fc
  .tuple(
    text.filter((name) => name !== '__metadata__'),
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.boolean(),
    fc.nat(),
  )
  .map(([name, shape, isF32, seed]) => {
    const words = Uint32Array.from({ length: shape.reduce((n, extent) => n * extent, 1) }, (_, i) =>
      Math.imul(seed, i),
    );
    return { name, shape, data: isF32 ? new Float32Array(words.buffer) : words };
  });
const tensors = fc.uniqueArray(stored, { maxLength: 5, selector: ({ name }) => name });

test('readSafetensors reads back what writeSafetensors wrote', () => {
  fc.assert(
    fc.property(tensors, fc.dictionary(text, text), (written, metadata) => {
      const bytes = writeSafetensors(written, metadata);
      expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
      const read = readSafetensors(bytes);
      expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
      expect([...read.tensors.keys()]).toEqual(writtenNames(written));
      for (const { name, shape, data } of written) {
        const tensor = read.tensors.get(name);
        expect(tensor?.shape).toEqual(shape);
        expect(tensor?.data.constructor).toBe(data.constructor);
        expect(bytesOf(tensor?.data)).toEqual(bytesOf(data));
      }
    }),
  );
});

/** NaN and -0 keep their bits. */
const bytesOf = (data?: Float32Array | Uint32Array) =>
  data && new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A JSON object lists names that are integers first. */
const writtenNames = (written: { name: string }[]) =>
  Object.keys(Object.fromEntries(written.map(({ name }) => [name, 0])));

const write = (name: string, length: number, metadata?: Record<string, string>) =>
  writeSafetensors(
    [
      { name: 'v', shape: [2], data: Float32Array.of(1, 2) },
      { name, shape: [length], data: Float32Array.of(1, 2) },
    ],
    metadata,
  );
testRefusals({
  "RangeError: safetensors: 'w' of shape [3] cannot hold 2 elements": () => write('w', 3),
  "RangeError: safetensors: the name 'v' is taken": () => write('v', 2),
  "RangeError: safetensors: the name '__metadata__' is taken": () => write('__metadata__', 2),
  "TypeError: safetensors: metadata 'step' must be a string, got 7": () => write('w', 2, { step: 7 as never }),
});

const read = (header: string, data?: readonly number[]) => readSafetensors(file(header, data));
const long = 'x'.repeat(99);
testRefusals(
  {
    'too short at offset 0: expected at least 8 bytes, got 0': () => readSafetensors(new Uint8Array()),
    'too short at offset 0: expected at least 8 bytes, got 7': () => readSafetensors(new Uint8Array(7)),
    'header length at offset 0 must be at most 2, got 3: this is no safetensors file, or it is cut off': () =>
      readSafetensors(Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
    'header length at offset 0 must be at most 0, got 72057594037927940: this is no safetensors file, or it is cut off':
      () => readSafetensors(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1)),
    'the header at offset 8 is not JSON': [
      () => read('{"w":'),
      () => read(''),
      () => read('\ufeff{}'),
      () => read('['.repeat(1e6)),
      () => readSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)), // no UTF-8
      () => readSafetensors(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), // nor in a name
    ],
    "the header at offset 8 has two entries 'w'": [
      () => read(`{${W},${W}}`, [0, 0, 0, 0]),
      () => read(`{${W},${W.replace('w', '\\u0077')}}`, [0, 0, 0, 0]),
    ],
    '__metadata__ must be an object of strings': [
      () => read('{"__metadata__":{"a":1}}'),
      () => read('{"__metadata__":null}'),
    ],
    'the header at offset 8 must be an object, got [1]': () => read('[1]'),
    'the header at offset 8 must be an object, got null': () => read('null'),
    "the header at offset 8 has two entries 'a\"'": () => read('{"__metadata__":{"a\\"":"","b":"","a\\"":"1"}}'),
    "'w' must be an object, got 3": () => read('{"w":3}'),
    '\'w\' has dtype "F16", only F32 and U32 can be read': () => read(`{"w":${tensor(0, 2, [1], 'F16')}}`, [0, 0]),
    "'w' has dtype undefined, only F32 and U32 can be read": () => read('{"w":{}}'),
    "'w' has dtype an object, only F32 and U32 can be read": () =>
      read('{"w":{"dtype":{"constructor":{"name":{"toString":1}}}}}'),
    [`'w' has dtype "${long.slice(0, 59)}..., only F32 and U32 can be read`]: () => read(`{"w":{"dtype":"${long}"}}`),
    "'w' must have a shape of integers >= 0, got undefined": () => read('{"w":{"dtype":"F32"}}'),
    "'w' must have a shape of integers >= 0, got [-1]": () => read(`{"w":${tensor(0, 4, [-1])}}`),
    "'w' must have a shape of integers >= 0, got [0.5]": () => read(`{"w":${tensor(0, 4, [0.5])}}`),
    "'w' must have a shape of integers >= 0, got an array of objects": () => read(`{"w":${tensor(0, 4, [[1]])}}`),
    "'w' must have data_offsets [begin, end], got undefined": () => read('{"w":{"dtype":"F32","shape":[1]}}'),
    "'w' must have data_offsets [begin, end], got [0]": () =>
      read('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}'),
    "'w' must have data_offsets [begin, end], got [8, 4]": () => read(`{"w":${tensor(8, 4)}}`),
    "'w' must have data_offsets [begin, end], got [-4, 0]": () => read(`{"w":${tensor(-4, 0)}}`),
    "'w' of shape [2] needs 8 bytes, its data_offsets span 4": () => read(`{"w":${tensor(0, 4, [2])}}`, [0, 0, 0, 0]),
    "'w' of shape [9000000000000000, 9000000000000000] needs 3.24e+32 bytes, its data_offsets span 4": () =>
      read(`{"w":${tensor(0, 4, [9e15, 9e15])}}`),
    "'w' at offset 66 leaves a gap: expected offset 62": () => read(`{"w":${tensor(4, 8)}}`, [0, 0, 0, 0, 0, 0, 0, 0]),
    "'v' at offset 115 overlaps the one before: expected offset 119": () =>
      read(`{${W},"v":${tensor(0, 4)}}`, [0, 0, 0, 0]),
    'the tensors end at offset 66, the file at offset 64': () => read(`{${W}}`, [0, 0]),
    'the tensors end at offset 66, the file at offset 67': () => read(`{${W}}`, [0, 0, 0, 0, 0]),
    'the tensors end at offset 4000000000086, the file at offset 86': () => read(`{"w":${tensor(0, 4e12, [1e12])}}`),
  },
  { prefix: 'EngineError of kind format: safetensors: ' },
);

test('readSafetensors refuses a header of more than 100 MB', () => {
  const bytes = new Uint8Array(100_000_010);
  new DataView(bytes.buffer).setUint32(0, 100_000_001, true);
  const message =
    'safetensors: header length at offset 0 must be at most 100000000, got 100000001: this is no safetensors file, or it is cut off';
  expect(caught(() => readSafetensors(bytes))).toEqual(new EngineError('format', message));
});

const damaged = fc.tuple(tensors, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([written, at, byte]) => {
  const bytes = writeSafetensors(written, { step: '7' });
  bytes[at % bytes.length] = byte;
  return bytes;
});
const headers = fc.oneof(
  fc.json(),
  fc
    .dictionary(
      text,
      fc.record({ dtype: fc.constantFrom('F32', 'U32', 'F16'), shape: fc.jsonValue(), data_offsets: fc.jsonValue() }),
    )
    .map((header) => JSON.stringify(header)),
);

test('readSafetensors throws nothing but EngineError', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    damaged,
    headers.map((header) => file(header)),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      const thrown = caught(() => readSafetensors(input));
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(EngineError);
    }),
    { numRuns: 2000 },
  );
});
