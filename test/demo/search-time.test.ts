import { expect, test } from 'vitest';
import type { SearchFacts } from '../../demo/contract/protocol.js';
import { between, learnPace, secondsLeft } from '../../demo/views/search/search-plan.js';

const plan = { l2: [0, 0.1], dropout: [0, 0.5], epochs: 200, strategy: 'grid' } as const;
const facts: SearchFacts = {
  plan,
  running: true,
  complete: false,
  round: 0,
  epoch: 0,
  epochs: 200,
  seconds: 0,
  trials: [],
};
/** An epoch of four networks is four units of work. */
const UNIT = { fixed: 0, each: 1 };
/** Units of work in the whole search, and in the test of its winner. */
const [SEARCH, TEST] = [800, 1000];

test('the time that is left is that of the latest epochs, not of all; a search and its test alike', () => {
  learnPace(facts, UNIT, 0);
  expect(secondsLeft(facts)).toBeUndefined();
  let time = 1000; // building the networks tells nothing of the epochs
  const train = (epoch: number, milliseconds: number) => {
    time += milliseconds;
    learnPace({ ...facts, epoch }, UNIT, time);
    return secondsLeft({ ...facts, epoch }) ?? [];
  };
  train(1, 100);
  const about = ([least, most]: readonly number[], seconds: number, slack = 1) => {
    expect(least).toBeCloseTo(seconds, 6);
    expect(most).toBeCloseTo(slack * seconds, 6);
  };
  about(train(2, 100), ((SEARCH + TEST - 8) / 4) * 0.1, 1.5); // it has hardly begun
  for (let epoch = 3; epoch <= 100; epoch++) train(epoch, 100);
  for (let epoch = 101; epoch < 150; epoch++) train(epoch, 200); // something else began on this machine
  about(train(150, 200), ((SEARCH + TEST - 600) / 4) * 0.2);

  // The test goes at its own pace.
  const tested = (epoch: number) => {
    const testing = { ...facts, epoch: 200, complete: true, winner: { seeds: 5, epoch, epochs: 200 } };
    time += 400;
    learnPace(testing, UNIT, time);
    return secondsLeft(testing) ?? [];
  };
  for (let epoch = 1; epoch < 100; epoch++) tested(epoch);
  about(tested(100), 100 * 0.4);

  // Another search begins anew.
  learnPace(facts, UNIT, time);
  train(1, 50);
  about(train(2, 50), ((SEARCH + TEST - 8) / 4) * 0.05, 1.5);
});

test.each([
  [70, 70, 'about 70 s'],
  [20, 30, '20 to 30 s'],
  [2, 3, '2.0 to 3.0 s'],
  [80, 120, '80 s to 2 min'],
  [100, 130, 'about 2 min'],
  [100, 150, '2 to 3 min'],
])('%d to %d seconds', (least, most, said) => {
  expect(between(least, most)).toBe(said);
});
