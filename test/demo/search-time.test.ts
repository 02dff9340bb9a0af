import { expect, test } from 'vitest';
import type { SearchFacts } from '../../demo/contract/protocol.js';
import { learnTime, secondsLeft } from '../../demo/views/search/search-plan.js';
import { stateOf } from './some-state.js';

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
const page = { state: stateOf([4]) };
/** Epochs of one network in the whole search, and in the test of its winner. */
const [SEARCH, TEST] = [800, 1000];

test('the time that is left is that of the latest epochs, not of all; a search and its test alike', () => {
  learnTime(facts, page, 0);
  expect(secondsLeft(facts, page)).toBeUndefined();
  let time = 1000; // building the networks tells nothing of the epochs
  const train = (epoch: number, milliseconds: number) => {
    time += milliseconds;
    learnTime({ ...facts, epoch }, page, time);
    return secondsLeft({ ...facts, epoch }, page) ?? Number.NaN;
  };
  train(1, 100);
  expect(train(2, 100)).toBeCloseTo(((SEARCH + TEST - 8) / 4) * 0.1, 6);
  for (let epoch = 3; epoch <= 100; epoch++) train(epoch, 100);
  for (let epoch = 101; epoch < 150; epoch++) train(epoch, 200); // something else began on this machine
  expect(train(150, 200)).toBeCloseTo(((SEARCH + TEST - 600) / 4) * 0.2, 6);

  // The test goes at its own pace.
  const tested = (epoch: number) => {
    const testing = { ...facts, epoch: 200, complete: true, winner: { seeds: 5, epoch, epochs: 200 } };
    time += 400;
    learnTime(testing, page, time);
    return secondsLeft(testing, page);
  };
  for (let epoch = 1; epoch < 100; epoch++) tested(epoch);
  expect(tested(100)).toBeCloseTo(100 * 0.4, 6);

  // Another search begins anew.
  learnTime(facts, page, time);
  train(1, 50);
  expect(train(2, 50)).toBeCloseTo(((SEARCH + TEST - 8) / 4) * 0.05, 6);
});
