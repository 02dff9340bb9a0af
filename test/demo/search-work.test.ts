import { expect, test } from 'vitest';
import { roundsOf, workOf } from '../../demo/contract/search-work.js';

const plan = { l2: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], dropout: [0, 0.1, 0.2, 0.3, 0.4, 0.5], epochs: 200 };
const halving = { ...plan, strategy: 'halving' } as const;
const grid = { ...plan, strategy: 'grid' } as const;

test('a halving drops two in three after a ninth, a third and all of the epochs', () => {
  expect(roundsOf(halving)).toEqual([
    { networks: 42, epochs: 22 },
    { networks: 14, epochs: 44 },
    { networks: 4, epochs: 132 },
    { networks: 1, epochs: 2 },
  ]);
  expect(roundsOf({ ...halving, epochs: 1 })).toEqual([{ networks: 42, epochs: 1 }]);
});

test('the work that is done grows from nothing to all, from round to round', () => {
  const at = (round: number, epoch: number, complete = false) => workOf(halving, { round, epoch, complete }).done;
  const done = [at(0, 0), at(0, 22), at(1, 0), at(1, 44), at(2, 132), at(3, 2), at(3, 2, true)];
  expect(done).toEqual([0, 924, 924, 1540, 2068, 2070, 2070]);
  expect(workOf(halving).search).toBe(2070);
  expect(workOf(grid)).toEqual({ search: 8400, done: 0, test: 1000, tested: 0 });
  // Where a step takes the same time with any number of networks, epochs count.
  expect(workOf(halving, { round: 1, epoch: 10, complete: false }, { fixed: 1, each: 0 })).toMatchObject({
    search: 200,
    done: 32,
    test: 200,
  });
  const winner = { seeds: 5, epoch: 10, epochs: 200 };
  expect(workOf(grid, { round: 0, epoch: 200, complete: true, winner }).tested).toBe(50);
});
