import { expect, test } from 'vitest';
import { mapColours } from '../../demo/views/search/map-colours.js';

test('the colour is of the value, not of the rank', () => {
  const { shares, ends } = mapColours([0.6, 0.608, 0.938, undefined, Number.NaN]);
  expect(shares[0]).toBe(1);
  expect(shares[1]).toBeGreaterThan(0.8); // nearly as good
  expect(shares[2]).toBe(0);
  expect(shares.slice(3)).toEqual([0, 0]);
  expect(ends).toMatchObject({ best: 0.6, worst: 0.938, isCut: false });
});

test('the worst network does not take the colours from all others', () => {
  const losses = [0.452, 0.483, 0.544, 0.608, 0.938]; // of the lesson's map
  const { shares, ends } = mapColours(losses);
  for (const [i, share] of shares.slice(1).entries()) expect(shares[i] - share).toBeGreaterThan(0.12);
  const half = mapColours([...losses, ends?.middle]).shares.at(-1);
  expect(half).toBeCloseTo(0.5, 10);
});

test('one very bad network ends the scale, which says so', () => {
  const { shares, ends } = mapColours([0.5, 1, 400]);
  expect(shares[1]).toBeGreaterThan(0.1);
  expect(shares[1]).toBeLessThan(0.7);
  expect(shares[2]).toBe(0);
  expect(ends).toMatchObject({ best: 0.5, worst: 1.5, isCut: true });
});

test('values up to the limit are ties', () => {
  expect(mapColours([0.5, 0.509, 0.511], 0.51).ties).toEqual([true, true, false]);
  expect(mapColours([0.5, 0.509], 0.4).ties).toEqual([true, false]); // the best was lucky
  expect(mapColours([0.5, 0.509]).ties).toEqual([true, false]);
  expect(mapColours([undefined], 1).ties).toEqual([false]);
  expect(mapColours([0.5]).shares).toEqual([1]);
});
