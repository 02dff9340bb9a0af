import { expect, test } from 'vitest';
import { withLabelNoise } from '../../demo/worker/data/label-noise.js';

const labels = Uint32Array.from({ length: 1000 }, (_, i) => i % 10);
const places = (noisy: Uint32Array) => [...labels.keys()].filter((i) => noisy[i] !== labels[i]);

test.each([0, 0.001, 0.1, 0.5])('a share of %s of the labels becomes another class', (share) => {
  const noisy = withLabelNoise(labels, 10, share, 7);
  expect(places(noisy)).toHaveLength(1000 * share);
  expect(noisy.every((label) => label < 10)).toBe(true);
});

test('every other class comes up, every class is hit', () => {
  const noisy = withLabelNoise(labels, 10, 0.5, 7);
  const shifts = new Set(places(noisy).map((i) => (noisy[i] + 10 - labels[i]) % 10));
  expect([...shifts].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(new Set(places(noisy).map((i) => labels[i])).size).toBe(10);
});

test('a larger share hits the same ones and more; another seed hits others', () => {
  const few = places(withLabelNoise(labels, 10, 0.1, 7));
  const many = new Set(places(withLabelNoise(labels, 10, 0.3, 7)));
  expect(few.every((i) => many.has(i))).toBe(true);
  expect(places(withLabelNoise(labels, 10, 0.1, 8))).not.toEqual(few);
});

test('of one class nothing can be another', () => {
  expect(withLabelNoise(new Uint32Array(5), 1, 0.5, 1)).toEqual(new Uint32Array(5));
});
