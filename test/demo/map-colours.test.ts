import { expect, test } from 'vitest';
import { mapColours } from '../../demo/views/search/map-colours.js';

test('the colour is of the value, not of the rank', () => {
  const { shares, ends } = mapColours([0.6, 0.608, 0.938, undefined, Number.NaN]);
  expect(shares[0]).toBe(1);
  expect(shares[1]).toBeGreaterThan(0.95); // nearly as good, nearly the same colour
  expect(shares[2]).toBe(0);
  expect(shares.slice(3)).toEqual([0, 0]);
  expect(ends).toEqual([0.6, 0.938]);
});

test('one very bad network does not make all others alike', () => {
  const { shares, ends } = mapColours([0.5, 1, 400]);
  expect(shares[1]).toBeGreaterThan(0.3);
  expect(shares[1]).toBeLessThan(0.7);
  expect(shares[2]).toBe(0);
  expect(ends).toEqual([0.5, 1.5]);
});

test('values up to the limit are ties', () => {
  expect(mapColours([0.5, 0.509, 0.511], 0.51).ties).toEqual([true, true, false]);
  expect(mapColours([0.5, 0.509], 0.4).ties).toEqual([true, false]); // the best was lucky
  expect(mapColours([0.5, 0.509]).ties).toEqual([true, false]);
  expect(mapColours([undefined], 1).ties).toEqual([false]);
  expect(mapColours([0.5]).shares).toEqual([1]);
});
