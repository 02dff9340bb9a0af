import { expect, test } from 'vitest';
import { ridgeData, sumData } from '../../src/data/synthetic.js';

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

test.each([
  ['ridgeData', ridgeData, 1],
  ['sumData', sumData, 10],
] as const)('%s draws y = Σ (2x + 1) + 0.5 · noise', (_, draw, features) => {
  const { train, validation } = draw(7);
  expect(train).toMatchObject({ examples: 100, features, outputs: 1 });
  expect(validation).toMatchObject({ examples: 100, features, outputs: 1 });
  const noise = Array.from(validation.y, (y, row) => {
    const x = Array.from(validation.x.subarray(row * features, (row + 1) * features));
    return y - x.reduce((sum, value) => sum + 2 * value + 1, 0);
  });
  // Five standard errors of the mean and of the variance of 100 normal numbers.
  expect(Math.abs(mean(noise))).toBeLessThan((5 * 0.5) / Math.sqrt(100));
  expect(Math.abs(mean(noise.map((e) => e * e)) - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / 100));
  // Independent of x: their product has standard deviation 0.5.
  expect(Math.abs(mean(noise.map((e, i) => e * validation.x[i])))).toBeLessThan((5 * 0.5) / Math.sqrt(100));
});

test('the same seed draws the same data, another seed other data', () => {
  expect(ridgeData(3)).toEqual(ridgeData(3n));
  expect(ridgeData(3).train.x).not.toEqual(ridgeData(4).train.x);
  expect(ridgeData(3).train.x).not.toEqual(ridgeData(3).validation.x);
});

test.each([ridgeData, sumData])('refuses what is no seed', (draw) => {
  expect(() => draw(-1)).toThrow(
    new RangeError(`${draw.name}: seed must be an integer in [0, 2^53) or a bigint in [0, 2^64), got -1`),
  );
});
