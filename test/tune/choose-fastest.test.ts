import { expect, test } from 'vitest';
import { chooseFastest, median } from '../../src/tune/bench.js';

const planned = { variant: 'planned', sameBits: true, samples: [100, 110, 90, 100, 300, 100, 100] };
const faster = { variant: 'faster', sameBits: true, samples: [80, 90, 70, 80, 90, 80, 80] };
/** Every sample of the planned one, times `factor`. */
const scaled = (variant: string, factor: number) => ({
  ...faster,
  variant,
  samples: planned.samples.map((sample) => sample * factor),
});

test.each([
  ['nothing beside the planned one', [], 'planned'],
  ['one that is faster in every round', [faster], 'faster'],
  ['one that is 4 % faster in every round', [scaled('slightly', 0.96)], 'planned'],
  ['one that is 6 % faster in every round', [scaled('enough', 0.94)], 'enough'],
  ['the fastest of several', [scaled('a', 0.9), scaled('b', 0.7), scaled('c', 0.8)], 'b'],
  ['one that stores other bits', [{ ...faster, sameBits: false }], 'planned'],
  ['one that was given up', [{ ...faster, samples: [10] }], 'planned'],
  ['one that was not timed', [{ ...faster, samples: [] }], 'planned'],
  ['one that loses a round', [{ ...faster, samples: [80, 120, 70, 80, 90, 80, 80] }], 'faster'],
  ['one that loses two rounds', [{ ...faster, samples: [80, 120, 70, 80, 310, 80, 80] }], 'planned'],
  ['one whose best round is not the best', [{ ...faster, samples: [90, 90, 89, 90, 90, 90, 90] }], 'planned'],
  ['a slow machine in one round', [scaled('equal', 1)], 'planned'],
  ['a clock that stands still', [{ ...faster, samples: planned.samples.map(() => Number.NaN) }], 'planned'],
])('%s', (_, others, chosen) => {
  expect(chooseFastest([planned, ...others])).toBe(chosen);
});

test('a planned one that took no time at all stays', () => {
  const nothing = { ...planned, samples: planned.samples.map(() => 0) };
  expect(chooseFastest([nothing, { ...nothing, variant: 'other' }])).toBe('planned');
});

test.each([
  [[3], 3],
  [[3, 1], 3],
  [[10, 1, 9], 9],
])('the median of %j is %i', (numbers, wanted) => {
  expect(median(numbers)).toBe(wanted);
});
