import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStored, storedText } from '../../src/tune/tuning.js';
import type { TunedShape } from '../../src/tune.js';

const VARIANTS = ['direct', 'tiled', 'thin'];
const shape: TunedShape = {
  name: 'matmul-nn m=8,k=5,n=6',
  kernel: 'matmul-nn',
  sizes: { m: 8, k: 5, n: 6 },
  dispatches: ['matmul-nn direct + bias'],
  planned: 'direct',
  chosen: 'tiled',
  from: 'measured',
  candidates: [
    { variant: 'direct', sameBits: true, median: 2, least: 1.5 },
    { variant: 'tiled', sameBits: true, median: 1, least: 0.5 },
    { variant: 'thin', sameBits: false, median: null, least: null },
  ],
};
const { chosen, candidates } = shape;
const [direct, tiled, thin] = candidates;

test('what was written is read', () => {
  expect(parseStored(storedText(shape), VARIANTS)).toEqual({ chosen, candidates });
});

test('of what is more than was written, the rest is left out', () => {
  const more = JSON.stringify({ chosen, candidates: [direct, { ...tiled, more: 1 }, thin], from: 'elsewhere' });
  expect(parseStored(more, VARIANTS)).toEqual({ chosen, candidates });
});

test.each([
  ['nothing', undefined],
  ['null, as localStorage has it', null],
  ['an object that is no text', [{ chosen, candidates }]],
  ['a number', 7],
  ['no text', ''],
  ['no JSON', '{"chosen":'],
  ['JSON of null', 'null'],
  ['JSON of a list', '[]'],
  ['a variant that is none', { chosen: 'fast', candidates }],
  ['a variant of the prototype', { chosen: 'toString', candidates }],
  ['a variant that stores other bits', { chosen: 'thin', candidates }],
  ['no variant', { candidates }],
  ['no candidates', { chosen }],
  ['candidates that are no list', { chosen, candidates: { length: 3, 0: direct, 1: tiled, 2: thin } }],
  ['too few candidates', { chosen, candidates: [direct, tiled] }],
  ['too many candidates', { chosen, candidates: [...candidates, direct] }],
  ['candidates in another order', { chosen, candidates: [tiled, direct, thin] }],
  ['a candidate that is null', { chosen, candidates: [direct, tiled, null] }],
  ['a candidate twice', { chosen, candidates: [direct, direct, thin] }],
  ['bits that are a word', { chosen, candidates: [direct, { ...tiled, sameBits: 'yes' }, thin] }],
  ['a time that is a word', { chosen, candidates: [direct, { ...tiled, median: '1' }, thin] }],
  ['a time below 0', { chosen, candidates: [direct, { ...tiled, least: -1 }, thin] }],
  ['a time that is missing', { chosen, candidates: [direct, { variant: 'tiled', sameBits: true }, thin] }],
  ['a time without end', storedText(shape).replace('0.5', '1e999')],
])('%s is no result', (_, value) => {
  const written = typeof value === 'object' && value !== null && !Array.isArray(value);
  const [text] = Array.isArray(value) ? value : [written ? JSON.stringify(value) : value];
  expect(parseStored(text, VARIANTS)).toBe(undefined);
});

test('nothing that a store may hold throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (value) => {
      expect(parseStored(value, VARIANTS)).toBe(undefined);
    }),
  );
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (variant, sameBits, median) => {
      const each = { variant, sameBits, median, least: median };
      const text = JSON.stringify({ chosen: variant, candidates: [each] }, (_, it) =>
        typeof it === 'bigint' ? `${it}` : it,
      );
      const found = parseStored(text, ['tiled']);
      if (found) expect(found.chosen).toBe('tiled');
    }),
  );
});
