import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIdx } from '../../src/data/idx.js';
import { EngineError } from '../../src/errors/engine-error.js';

const header = (type: number, ...shape: number[]) => [0, 0, type, shape.length, ...shape.flatMap((n) => [0, 0, 0, n])];

test('parseIdx returns shape and elements', () => {
  const bytes = Uint8Array.of(99, ...header(8, 2, 1, 3), 1, 2, 3, 4, 5, 255);
  expect(parseIdx(bytes.subarray(1))).toEqual({ shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
  expect(parseIdx(Uint8Array.from(header(8, 0, 28)))).toEqual({ shape: [0, 28], data: new Uint8Array() });
  const wide = Uint8Array.of(0, 0, 8, 1, 0, 0, 1, 2, ...new Array(258).fill(7));
  expect(parseIdx(wide).shape).toEqual([258]);
});

test.each([
  [9, Int8Array.of(-1, 2), [255, 2]],
  [11, Int16Array.of(-2, 258), [255, 254, 1, 2]],
  [12, Int32Array.of(-2, 2 ** 24), [255, 255, 255, 254, 1, 0, 0, 0]],
  [13, Float32Array.of(1.5, -2), [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0]],
  [14, Float64Array.of(1.5, -2), [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]],
])('parseIdx reads elements of type %i', (type, data, bytes) => {
  expect(parseIdx(Uint8Array.of(...header(type, 2, 1), ...bytes))).toEqual({ shape: [2, 1], data });
});

const TYPE =
  'wrong type at offset 2: expected 0x08 (uint8), 0x09 (int8), 0x0b (int16), 0x0c (int32), 0x0d (float32), 0x0e (float64)';
test.each([
  [[], 'too short at offset 0: expected at least 4 bytes, got 0'],
  [[0, 0, 8], 'too short at offset 0: expected at least 4 bytes, got 3'],
  [[1, 2, 8, 1], 'wrong magic at offset 0: expected 0x0000, got 0x0102'],
  [[0x1f, 0x8b, 8, 0], 'wrong magic at offset 0: expected 0x0000, got 0x1f8b (gzip: unpack it first)'],
  [[0, 0, 0, 1], `${TYPE}, got 0x00`],
  [[0, 0, 10, 1], `${TYPE}, got 0x0a`],
  [[...header(12, 2), 1, 2, 3, 4], 'wrong length at offset 8: expected 8 bytes for [2], got 4'],
  [[0, 0, 8, 0], 'wrong number of dimensions at offset 3: expected at least 1, got 0'],
  [[0, 0, 8, 2, 0, 0, 0, 1, 0], 'too short at offset 4: expected 8 bytes of dimensions, got 5'],
  [[...header(8, 2, 2), 1, 2, 3], 'wrong length at offset 12: expected 4 bytes for [2, 2], got 3'],
  [[...header(8, 2, 2), 1, 2, 3, 4, 5], 'wrong length at offset 12: expected 4 bytes for [2, 2], got 5'],
])('parseIdx refuses %j', (bytes, message) => {
  expect(() => parseIdx(Uint8Array.from(bytes))).toThrow(new EngineError('format', `idx: ${message}`));
});

test('parseIdx throws nothing but EngineError', () => {
  const start = fc.constantFrom([], [0, 0], [0, 0, 8], [0, 0, 8, 1, 0, 0, 0], [0, 0, 8, 2, 255, 255, 255, 255]);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 64 }), (first, rest) => {
      try {
        parseIdx(Uint8Array.of(...first, ...rest));
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
      }
    }),
  );
});
