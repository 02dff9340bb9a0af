import { describe, expect, test } from 'vitest';
import {
  choice,
  grid,
  logUniform,
  populationBased,
  type SearchOptions,
  type Strategy,
  search,
  sobol,
  successiveHalving,
} from '../../src/tune.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';
import { bytesFor } from '../train/small-population.js';
import { drain, found, small, smallModel } from './small-search.js';

/** One trial, then three copies of it beside it, then two copies of one of those. */
const growing: Strategy = {
  kind: 'growing',
  options: {},
  next: ({ round }) =>
    [
      { start: [{ config: { l2: 0.01 } }], epochs: 1 },
      { start: [0.1, 0.001, 0].map((l2) => ({ config: { l2 }, from: 0 })), epochs: 1 },
      { keep: [1, 3], start: [0.2, 0.3].map((l2) => ({ config: { l2 }, from: 2 })), epochs: 1 },
    ][round],
};

/** Searches whose trials are dropped, copied, stop early, diverge or have several members. */
const SEARCHES: readonly (readonly [string, Partial<SearchOptions>])[] = [
  ['Sobol points', { strategy: sobol(), population: 5 }],
  ['halving', { strategy: successiveHalving({ eta: 2 }), population: 6, budget: { epochs: 4 } }],
  ['population-based training', { strategy: populationBased({ fraction: 0.4 }), population: 5 }],
  ['patience', { patience: 1, population: 5, budget: { epochs: 4 }, space: { learningRate: logUniform(0.01, 3) } }],
  ['folds', { folds: 2, population: 3 }],
  ['folds with patience', { folds: 3, patience: 1, population: 2, space: { learningRate: logUniform(0.01, 3) } }],
  ['copies of one trial', { strategy: growing, population: undefined }],
  [
    'trials that diverge',
    {
      strategy: grid(),
      population: undefined,
      space: { learningRate: choice([3e38, 0.1, 3.1e38, 3.2e38, 0.05]), momentum: 0 },
    },
  ],
];

describe.each(ENGINES)('on %s', (name, engine) => {
  const isGpu = name === 'the GPU'; // a software one is slow: the CPU does all
  test.each(SEARCHES)('%s: trials that take turns become what they are side by side', async (_, more) => {
    const whole = search(engine, smallModel(), small(more));
    await drain(whole);
    for (const atOnce of isGpu ? [2] : [1, 2, 3]) {
      const run = search(engine, smallModel(), small({ ...more, memory: await bytesFor(engine, atOnce) }));
      await drain(run);
      expect(found(run)).toEqual(found(whole));
      expect(await run.bestNetwork()).toEqual(await whole.bestNetwork());
    }
  });

  test('a search that was saved where two trials fit goes on where one fits, or all', async () => {
    const more = { patience: 2, population: 5 };
    const whole = search(engine, smallModel(), small(more));
    await drain(whole);
    for (let looks = 2; looks < 40; looks += isGpu ? 13 : 5) {
      let left = looks;
      const signal = Object.create(null, { aborted: { get: () => left-- <= 0 }, reason: { value: 'enough' } });
      const options = { ...more, signal, memory: await bytesFor(engine, 2) };
      using first = search(engine, smallModel(), small(options));
      await complaint(() => drain(first));
      const bytes = await first.save();
      for (const memory of [await bytesFor(engine, 1), 2 ** 30]) {
        const resumed = search(engine, smallModel(), small({ ...more, memory, resume: bytes }));
        await drain(resumed);
        expect(found(resumed)).toEqual(found(whole));
        expect(await resumed.bestNetwork()).toEqual(await whole.bestNetwork());
      }
    }
  });

  test('more trials than the host may keep waiting are refused, with numbers', async () => {
    const memory = await bytesFor(engine, 1);
    const state = 2 * 4 * (3 * 5 + 5 + 5 * 3 + 3); // parameters and velocities
    const run = search(engine, smallModel(), small({ memory, population: 5000 }));
    expect(await complaint(() => drain(run))).toBe(
      'EngineError of kind memory: search: trials 0 to 4999: 1 of 5000 networks fit side by side; to take turns, all need ' +
        `${5000 * state} bytes of the host's memory, and ${8 * memory} are allowed, 8 times memory; use fewer networks, or set memory higher`,
    );
    expect(run.result.trials).toEqual([]);
  });
});
