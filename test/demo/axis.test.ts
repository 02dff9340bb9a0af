import { expect, test } from 'vitest';
import { evenAxis, logAxis, roundDown, roundUp, tickText, topOf } from '../../demo/views/draw/axis.js';

test.each([
  { low: 0, high: 1, length: 280, space: 28, ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  { low: 0, high: 1, length: 279, space: 28, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  { low: -0.3, high: 0.3, length: 90, space: 28, ticks: [-0.2, 0, 0.2] },
  { low: 7, high: 1000, length: 440, space: 60, ticks: [200, 400, 600, 800, 1000] },
  { low: 0, high: 3e-9, length: 100, space: 28, ticks: [0, 1e-9, 2e-9, 3e-9] },
  { low: 0, high: 1e6, length: 100, space: 60, ticks: [0, 1e6] },
])('even ticks of $low to $high along $length pixels', ({ ticks, ...extent }) => {
  const axis = evenAxis(extent);
  expect(axis.ticks).toEqual(ticks);
  expect([extent.low, (extent.low + extent.high) / 2, extent.high].map(axis.at)).toEqual([
    0,
    extent.length / 2,
    extent.length,
  ]);
});

test('there are no half steps', () => {
  expect(evenAxis({ low: 0, high: 3, length: 900, space: 60 }, 1).ticks).toEqual([0, 1, 2, 3]);
});

test.each([
  { low: 0.01, high: 1, length: 200, space: 28, ticks: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] },
  { low: 0.01, high: 1, length: 100, space: 28, ticks: [0.01, 0.1, 1] },
  { low: 1e-6, high: 1, length: 100, space: 28, ticks: [1e-6, 1e-4, 1e-2, 1] },
  { low: 0.2, high: 1, length: 200, space: 28, ticks: [0.2, 0.5, 1] },
  { low: 0.05, high: 20, length: 100, space: 28, ticks: [0.1, 1, 10] },
])('ticks of $low to $high by powers of ten along $length pixels', ({ ticks, ...extent }) => {
  const axis = logAxis(extent);
  expect(axis.ticks).toEqual(ticks);
  expect(axis.at(extent.low)).toBeCloseTo(0, 9);
  expect(axis.at(extent.high)).toBeCloseTo(extent.length, 9);
  expect(axis.at(Math.sqrt(extent.low * extent.high))).toBeCloseTo(extent.length / 2, 9);
  // A number without a logarithm is drawn below the axis, not left out.
  for (const nothing of [0, -1]) expect(axis.at(nothing)).toBeLessThan(0);
});

test.each([
  [0.21, 0.5, 0.2],
  [0.2, 0.2, 0.2],
  [5.1, 10, 5],
  [1e-6, 1e-6, 1e-6],
  [300, 500, 200],
])('%d is between round numbers', (value, above, below) => {
  expect(roundUp(value)).toBeCloseTo(above, 12);
  expect(roundDown(value)).toBeCloseTo(below, 12);
});

test.each([
  [0, '0'],
  [0.30000000000000004, '0.3'],
  [-0.2, '−0.2'],
  [0.001, '0.001'],
  [0.0001, '1e−4'],
  [1e6, '1,000,000'],
  [2e7, '2e7'],
])('a tick at %d is %s', (value, text) => {
  expect(tickText(value)).toBe(text);
});

test('the top of an axis is one of a few round numbers, so that it seldom moves', () => {
  expect([0.012, 0.7, 1, 1.386, 1.6, 2.5, 4.6, 7.6, 12].map(topOf)).toEqual([0.015, 0.75, 1, 1.5, 2, 3, 5, 10, 15]);
});
