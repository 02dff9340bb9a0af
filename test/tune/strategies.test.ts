import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, integer, logUniform, uniform } from '../../src/tune/distributions.js';
import { gaussianProcess } from '../../src/tune/gaussian-process.js';
import { grid } from '../../src/tune/grid.js';
import { hyperband } from '../../src/tune/hyperband.js';
import { populationBased } from '../../src/tune/population-based.js';
import { random } from '../../src/tune/random.js';
import { sobol } from '../../src/tune/sobol.js';
import { checkSpace, spaceFromJson } from '../../src/tune/space.js';
import type { Proposal, Round, Strategy } from '../../src/tune/strategy.js';
import { successiveHalving } from '../../src/tune/successive-halving.js';
import { tpe } from '../../src/tune/tpe.js';
import type { Trial, TrialStatus } from '../../src/tune/trial.js';
import { stateOf } from './search-state.js';

const SPACE = {
  l2: logUniform(1e-6, 1e-2),
  dropout: [uniform(0, 0.8), 0.1],
  hidden: choice([[8], [8, 4]]),
  epochsOfWarmup: integer(0, 3),
};

const count = (max: number) => fc.integer({ min: 1, max });
const strategies: fc.Arbitrary<[Strategy, population: number | undefined]> = fc.oneof(
  fc.tuple(count(3)).map(([points]): [Strategy, undefined] => [grid(points), undefined]),
  fc.tuple(fc.constantFrom(random(), sobol()), count(20)),
  fc.tuple(
    fc
      .record({ eta: fc.integer({ min: 2, max: 5 }), minEpochs: count(5), sampler: fc.constantFrom('random', 'sobol') })
      .map(successiveHalving),
    count(30),
  ),
  fc
    .record({ eta: fc.integer({ min: 2, max: 5 }), minEpochs: count(5) })
    .map((options): [Strategy, undefined] => [hyperband(options), undefined]),
  fc.tuple(
    fc
      .record({ start: count(4), batch: count(4) })
      .chain((options) => fc.constantFrom(tpe(options), gaussianProcess(options))),
    count(8),
  ),
  fc.tuple(
    fc
      .record({
        every: count(4),
        fraction: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        resample: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(populationBased),
    count(20),
  ),
);
/** The outcome of a trial in a round: its score, and its status if it does not go on. */
const fates = fc.infiniteStream(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double()),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<TrialStatus>('running') },
      { weight: 1, arbitrary: fc.constantFrom<TrialStatus>('diverged', 'stopped early') },
    ),
  ),
);

/** The trials after a round, whose fates are drawn. */
function train(
  trials: readonly Trial[],
  { keep, start = [], epochs }: Round,
  most: number,
  fates: Iterator<[number, TrialStatus]>,
) {
  const fateOf = (trial: Trial): Trial => {
    const [score, status] = fates.next().value;
    return { ...trial, status, score, epochs: trial.epochs + epochs };
  };
  const begin = ({ config, from }: Proposal, i: number): Trial => {
    const parent = trials.find(({ id }) => id === from);
    const inherited = { epochs: parent?.epochs ?? 0, ...(parent && { parent: parent.id }) };
    return { id: trials.length + i, config, status: 'running', rungs: [], seconds: 0, ...inherited };
  };
  const old = trials.map((trial): Trial => {
    if (trial.status !== 'running') return trial;
    if ((keep ?? [trial.id]).includes(trial.id)) return fateOf(trial);
    return { ...trial, status: trial.epochs === most ? 'finished' : 'dropped' };
  });
  return [...old, ...start.map(begin).map(fateOf)];
}

test('whatever becomes of the trials, every strategy ends, gives rounds that can be done, and repeats itself', () => {
  const space = checkSpace('test', SPACE);
  fc.assert(
    fc.property(strategies, count(30), fates, fc.nat(), ([strategy, population], epochs, fates, seed) => {
      let trials: readonly Trial[] = [];
      for (let round = 0; ; round++) {
        expect(round).toBeLessThanOrEqual(epochs + (population ?? 0));
        const stated = { population, epochs, round, key: [seed, 1] as const, space: SPACE };
        const next = strategy.next(stateOf({ ...stated, trials }));
        // As a search that was saved and resumed asks again.
        const saved = { ...stated, space: spaceFromJson(JSON.parse(JSON.stringify(space))), trials: reread(trials) };
        expect(strategy.next(stateOf(saved))).toEqual(next);
        const running = trials.filter(({ status }) => status === 'running');
        if (!next) {
          // Halving and Hyperband may end because what was stopped early is better than all that runs.
          if (!['successiveHalving', 'hyperband'].includes(strategy.kind))
            for (const each of running) expect(each.epochs).toBe(epochs);
          break;
        }

        expect(Number.isInteger(next.epochs) && next.epochs >= 1).toBe(true);
        const ids = running.map(({ id }) => id);
        for (const id of next.keep ?? []) expect(ids).toContain(id);
        expect(new Set(next.keep).size).toBe(next.keep?.length ?? 0);
        for (const { config, from } of next.start ?? []) {
          if (from !== undefined) expect(ids).toContain(from);
          expect(space.configuration(space.values(config))).toEqual(config);
        }
        trials = train(trials, next, epochs, fates);
        for (const trial of trials) expect(trial.epochs).toBeLessThanOrEqual(epochs);
      }
      expect(trials.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

/** The trials as JSON keeps them, but for scores that it does not know. */
function reread(trials: readonly Trial[]): Trial[] {
  const scores = trials.map(({ score }) => score);
  const read: Trial[] = JSON.parse(JSON.stringify(trials));
  return read.map((trial, id) => ({ ...trial, ...(scores[id] !== undefined && { score: scores[id] }) }));
}
