import { expect, test } from 'vitest';
import { withLabelNoise } from '../../demo/worker/data/label-noise.js';

const labels = Uint32Array.from({ length: 1000 }, (_, i) => i % 10);
const places = (noisy: Uint32Array) => [...labels.keys()].filter((i) => noisy[i] !== labels[i]);

test.each([0, 0.001, 0.1, 0.5])('a share of %s of the labels becomes another class', (share) => {
  const noisy = withLabelNoise(labels, { classes: 10, share: share, seed: 7, part: 'train' });
  expect(places(noisy)).toHaveLength(1000 * share);
  expect(noisy.every((label) => label < 10)).toBe(true);
});

test('every other class comes up, every class is hit', () => {
  const noisy = withLabelNoise(labels, { classes: 10, share: 0.5, seed: 7, part: 'train' });
  const shifts = new Set(places(noisy).map((i) => (noisy[i] + 10 - labels[i]) % 10));
  expect([...shifts].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(new Set(places(noisy).map((i) => labels[i])).size).toBe(10);
});

test('a larger share hits the same ones and more; another seed hits others', () => {
  const few = places(withLabelNoise(labels, { classes: 10, share: 0.1, seed: 7, part: 'train' }));
  const many = new Set(places(withLabelNoise(labels, { classes: 10, share: 0.3, seed: 7, part: 'train' })));
  expect(few.every((i) => many.has(i))).toBe(true);
  expect(places(withLabelNoise(labels, { classes: 10, share: 0.1, seed: 8, part: 'train' }))).not.toEqual(few);
});

test('of one class nothing can be another', () => {
  expect(withLabelNoise(new Uint32Array(5), { classes: 1, share: 0.5, seed: 1, part: 'train' })).toEqual(
    new Uint32Array(5),
  );
});

test('the labels to judge by get noise of their own', () => {
  const options = { classes: 10, share: 0.5, seed: 7 };
  const [train, validation] = (['train', 'validation'] as const).map((part) =>
    withLabelNoise(labels, { ...options, part }),
  );
  expect(train).not.toEqual(validation);
});
