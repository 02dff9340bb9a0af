import { expect, test } from 'vitest';
import {
  constantRate,
  cosineDecay,
  exponentialDecay,
  linearDecay,
  type Schedule,
  stepDecay,
  warmup,
} from '../../src/index.js';

const rates = (schedule: Schedule, steps: readonly number[]) =>
  steps.map((step) => schedule.base * schedule.factor(step));

/** Rates at steps, from the formulas, by hand. */
test.each<[name: string, schedule: Schedule, steps: number[], rates: number[]]>([
  ['constantRate', constantRate(0.5), [0, 1, 1e9], [0.5, 0.5, 0.5]],
  ['stepDecay', stepDecay(8, { every: 3, gamma: 0.5 }), [0, 2, 3, 5, 6, 9], [8, 8, 4, 4, 2, 1]],
  ['stepDecay by default', stepDecay(1, { every: 1 }), [0, 1, 2], [1, 0.1, 0.01]],
  ['exponentialDecay', exponentialDecay(2, { gamma: 0.5 }), [0, 1, 2, 10], [2, 1, 0.5, 2 ** -9]],
  // (1 + cos(0, 60, 90, 120, 180 degrees)) / 2 = 1, 0.75, 0.5, 0.25, 0
  ['cosineDecay', cosineDecay(4, { steps: 6 }), [0, 2, 3, 4, 6, 7], [4, 3, 2, 1, 0, 0]],
  ['cosineDecay to a floor', cosineDecay(4, { steps: 6, floor: 0.5 }), [0, 3, 6, 100], [4, 3, 2, 2]],
  ['linearDecay', linearDecay(4, { steps: 4 }), [0, 1, 3, 4, 9], [4, 3, 1, 0, 0]],
  ['linearDecay to a floor', linearDecay(4, { steps: 4, floor: 0.5 }), [0, 2, 4, 9], [4, 3, 2, 2]],
  ['warmup', warmup(3, { steps: 3 }), [0, 1, 2, 3, 100], [1, 2, 3, 3, 3]],
  // after counts from the start too: at step 2, half the cosine
  ['warmup before cosine', warmup(cosineDecay(4, { steps: 4 }), { steps: 4 }), [0, 2, 4], [1, 1.5, 0]],
  ['warmup before steps', warmup(stepDecay(8, { every: 2, gamma: 0.5 }), { steps: 2 }), [0, 1, 2, 4], [4, 8, 4, 2]],
])('%s', (_, schedule, steps, expected) => {
  // The cosines of 60 degrees are not exact: one unit in the last place of the base.
  for (const [i, rate] of rates(schedule, steps).entries()) expect(rate).toBeCloseTo(expected[i], 15);
});
