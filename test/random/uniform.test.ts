import { expect, test } from 'vitest';
import type { Key } from '../../src/random/philox.js';
import { fillNormal, fillUniform } from '../../src/random/uniform.js';

const KEY: Key = [42, 0];

// The recorded numbers come from a Python program written from the doc comments alone.
test('fillUniform gives the recorded numbers', () => {
  expect([...fillUniform(new Float32Array(8), -0.5, 0.5, KEY, 3)]).toEqual([
    0.01287299394607544, -0.002812027931213379, -0.4464954733848572, -0.19135457277297974, -0.44109058380126953,
    0.48622649908065796, -0.14531540870666504, 0.3525708317756653,
  ]);
});

test('fillNormal gives the recorded numbers to one rounding', () => {
  const recorded = [
    -1.3108761310577393, -0.7432957291603088, 5.741812705993652, 2.7300069332122803, 5.469383239746094,
    -0.7201673984527588,
  ];
  const filled = fillNormal(new Float32Array(6), 1, 2, KEY, 3);
  for (const [i, value] of recorded.entries()) {
    expect(Math.abs(filled[i] - value)).toBeLessThanOrEqual(2 ** -23 * Math.abs(value));
  }
});

test('fillNormal is finite where the word of u1 is 0, as under this key', () => {
  const [value] = fillNormal(new Float32Array(1), 0, 1, [60_039_404, 0], 0);
  expect(Math.abs(value - -6.628275394439697)).toBeLessThanOrEqual(2 ** -21);
});

test('a tensor is filled alike whatever its length, and differs by layer and seed', () => {
  for (const fill of [fillUniform, fillNormal]) {
    const seven = fill(new Float32Array(7), 0, 1, KEY, 3);
    expect(seven).toEqual(fill(new Float32Array(64), 0, 1, KEY, 3).slice(0, 7));
    expect(seven).not.toEqual(fill(new Float32Array(7), 0, 1, KEY, 4));
    expect(seven).not.toEqual(fill(new Float32Array(7), 0, 1, [42, 1], 3));
  }
});

const N = 100_000;
const mean = (values: Float32Array, power: number) => values.reduce((sum, v) => sum + v ** power, 0) / values.length;

// Each bound is four standard errors of the moment: sqrt((E[v^2p] - E[v^p]^2) / N).
test.each([
  [1, 1 / 2, 1 / 3],
  [2, 1 / 3, 1 / 5],
  [4, 1 / 5, 1 / 9],
])('fillUniform has moment %i', (power, expected, square) => {
  const error = 4 * Math.sqrt((square - expected ** 2) / N);
  expect(Math.abs(mean(fillUniform(new Float32Array(N), 0, 1, KEY, 0), power) - expected)).toBeLessThan(error);
});

test.each([
  [1, 0, 1],
  [2, 1, 3],
  [3, 0, 15],
  [4, 3, 105],
])('fillNormal has moment %i', (power, expected, square) => {
  const error = 4 * Math.sqrt((square - expected ** 2) / N);
  expect(Math.abs(mean(fillNormal(new Float32Array(N), 0, 1, KEY, 0), power) - expected)).toBeLessThan(error);
});

test('fillUniform stays in its range', () => {
  const values = fillUniform(new Float32Array(N), -3, 5, KEY, 1);
  expect(values.every((value) => value >= -3 && value <= 5)).toBe(true);
});
