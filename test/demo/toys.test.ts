import { describe, expect, test } from 'vitest';
import type { PlaneName } from '../../demo/worker/data/points.js';
import { planeData, sineData, sparseData } from '../../demo/worker/data/toys.js';

const PLANES: PlaneName[] = ['moons', 'circles', 'spiral', 'xor'];
const options = { examples: 100, noise: 0, seed: 3 };

describe.each(PLANES)('%s', (name) => {
  test('has the examples asked for, as many of each class, and 500 to judge by', () => {
    const { train, validation, classes } = planeData(name, options);
    expect([train.examples, validation.examples, train.features, classes?.length]).toEqual([100, 500, 2, 2]);
    expect(train.y.filter((label) => label === 1)).toHaveLength(50);
    expect(validation.y.filter((label) => label === 1)).toHaveLength(250);
    expect([...train.x, ...validation.x].every((x) => Math.abs(x) < 5)).toBe(true);
  });

  test('is the same for a seed, and another one for another', () => {
    expect(planeData(name, options)).toEqual(planeData(name, options));
    expect(planeData(name, { ...options, seed: 4 }).train.x).not.toEqual(planeData(name, options).train.x);
    expect(planeData(name, { ...options, seed: 2 ** 40 }).train.x).not.toEqual(
      planeData(name, { ...options, seed: 0 }).train.x,
    );
  });

  test('with more examples has those and more, and the same to judge by', () => {
    const [few, many] = [10, 100].map((examples) => planeData(name, { ...options, examples }));
    expect(many.train.x.slice(0, 20)).toEqual(few.train.x);
    expect(many.validation).toEqual(few.validation);
  });

  test('noise replaces labels on both sides, and moves no point', () => {
    const [clean, noisy] = [0, 0.2].map((noise) => planeData(name, { ...options, noise }));
    expect(noisy.train.x).toEqual(clean.train.x);
    expect(noisy.train.y.filter((label, i) => label !== clean.train.y[i])).toHaveLength(20);
    expect(noisy.validation.x).toEqual(clean.validation.x);
    expect(noisy.validation.y.filter((label, i) => label !== clean.validation.y[i])).toHaveLength(100);
  });
});

test('64 inputs: five of them and noise make the answer', () => {
  const noise = 0.5;
  const { train, validation, matter = [] } = sparseData({ examples: 200, noise, seed: 1 });
  expect([train.features, train.examples, matter]).toEqual([64, 200, [5, 18, 31, 44, 57]]);
  const weights = [1, -1, 0.8, -0.8, 0.6];
  const errors = [...validation.y].map(
    (y, row) => y - matter.reduce((sum, input, i) => sum + weights[i] * validation.x[64 * row + input], 0),
  );
  const square = errors.reduce((sum, each) => sum + each ** 2, 0) / errors.length;
  // Six standard errors of a variance over 500 examples.
  expect(Math.abs(square / noise ** 2 - 1)).toBeLessThan(6 * Math.sqrt(2 / errors.length));
});

test('the sine: x is standardised, y is off by the noise on both sides', () => {
  const { train, validation, classes } = sineData({ examples: 2000, noise: 0.3, seed: 1 });
  expect([train.examples, validation.examples, train.features, classes]).toEqual([2000, 500, 1, undefined]);
  for (const part of [train, validation]) {
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const x = [...part.x];
    const errors = [...part.y].map((y, i) => y - Math.sin(2.5 * x[i]));
    expect(mean(x)).toBeCloseTo(0, 0);
    expect(mean(x.map((each) => each ** 2))).toBeCloseTo(1, 0);
    // Six standard errors of a variance over 500 examples.
    expect(Math.abs(mean(errors.map((each) => each ** 2)) / 0.09 - 1)).toBeLessThan(6 * Math.sqrt(2 / 500));
  }
});
