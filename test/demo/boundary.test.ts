import { expect, test } from 'vitest';
import { crossings } from '../../demo/views/draw/boundary.js';

test.for<[what: string, corners: [number, number, number, number], lines: number[][]]>([
  ['none', [1, 2, 3, 4], []],
  ['upright, nearer to the smaller value', [-1, 3, -1, 3], [[0.25, 0, 0.25, 1]]],
  ['level', [-1, -1, 1, 1], [[1, 0.5, 0, 0.5]]],
  ['around a corner', [1, -1, -1, -1], [[0.5, 0, 0, 0.5]]],
  [
    'two across a saddle',
    [1, -1, -1, 1],
    [
      [0.5, 0, 1, 0.5],
      [0.5, 1, 0, 0.5],
    ],
  ],
])('a boundary crosses a square: %s', ([, corners, lines]) => {
  expect(crossings(...corners)).toEqual(lines);
});
