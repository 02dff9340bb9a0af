import { expect, test } from 'vitest';
import { dropoutMask } from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';

const MASK = { seed: 0x9abcdef012345678n, step: 7, layer: 2, rows: 2, cols: 16, rate: 0.3 };

/** Rows of 0 and 1 as text. */
const text = (kept: Uint8Array) => Array.from(kept).join('');

test('the mask is the known one', () => {
  // As in test/ops/values.test.ts: bit 0 first, 1 is kept.
  const known = Array.from({ length: 32 }, (_, i) => (0xb3e2ed97 >>> i) & 1).join('');
  expect(text(dropoutMask(MASK))).toBe(known);
  expect(text(dropoutMask({ ...MASK, rows: 8, cols: 4 }))).toBe(known);
  // Rows that do not fill their last four columns start a new four.
  const ragged = [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13].map((i) => known[i]).join('');
  expect(text(dropoutMask({ ...MASK, cols: 6 }))).toBe(ragged);
});

test('seed, step, layer and sample make masks of their own; fewer rows and another rate do not draw others', () => {
  const others = [MASK, { ...MASK, seed: 1 }, { ...MASK, step: 8 }, { ...MASK, layer: 3 }, { ...MASK, sample: 1 }];
  expect(new Set(others.map((each) => text(dropoutMask(each)))).size).toBe(others.length);
  const whole = text(dropoutMask(MASK));
  expect(whole.startsWith(text(dropoutMask({ ...MASK, rows: 1 })))).toBe(true);
  expect(text(dropoutMask({ ...MASK, rate: 0 }))).toBe('1'.repeat(32));
  const more = dropoutMask({ ...MASK, rate: 0.6 });
  expect(dropoutMask(MASK).every((kept, i) => kept >= more[i])).toBe(true); // what stays at 0.6 stays at 0.3
});

const mask = (change: object) => Reflect.apply(dropoutMask, undefined, [{ ...MASK, ...change }]);
const word = 'must be an integer in [0, 4294967295]';
testRefusals({
  'RangeError: dropoutMask: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got -1': () =>
    mask({ seed: -1 }),
  [`RangeError: dropoutMask: step ${word}, got 4294967296`]: () => mask({ step: 2 ** 32 }),
  'RangeError: dropoutMask: layer must be an integer in [0, 16777215], got 16777216': () => mask({ layer: 2 ** 24 }),
  [`TypeError: dropoutMask: sample ${word}, got "1"`]: () => mask({ sample: '1' }),
  'RangeError: dropoutMask: cols must be an integer in [1, 2147483647], got 0': () => mask({ cols: 0 }),
  'RangeError: dropoutMask: rows must be an integer in [1, 134217727], got 268435456': () => mask({ rows: 2 ** 28 }),
  'RangeError: dropoutMask: rate must be a number in [0, 1), got 1': () => mask({ rate: 1 }),
  "TypeError: dropoutMask: unknown option 'p'; known: seed, step, layer, rows, cols, rate, sample": () =>
    mask({ p: 1 }),
});
