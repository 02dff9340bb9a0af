import { describe, expect, test } from 'vitest';
import {
  configOf,
  createTrainer,
  dense,
  dropout,
  type Engine,
  l2,
  leakyRelu,
  loadTrainer,
  relu,
  sequential,
  tanh,
} from '../../src/index.js';
import { describe as describePart } from '../../src/nn/described.js';
import { keyOf } from '../../src/tune/open-groups.js';
import { checkSearchOptions } from '../../src/tune/search-options.js';
import {
  type Configuration,
  choice,
  populationBased,
  type Search,
  type SearchOptions,
  search,
  successiveHalving,
  uniform,
} from '../../src/tune.js';
import { ENGINES } from '../train/engines.js';
import { DATA, OTHER, smallTraining } from '../train/small-population.js';
import { drain } from './small-search.js';

const { input, batchSize, loss, optimizer } = smallTraining();
const TRAINING = { input, batchSize, loss, optimizer };

/** A function that builds all that a configuration may decide into its model: some as the space names it, some not. */
function make(config: Configuration) {
  const [p, strength, hidden] = [Number(config.dropout), Number(config.l2), Number(config.hidden)];
  const activation = config.activation === 'tanh' ? tanh() : leakyRelu(0.1 + p / 2);
  // The structure depends on a hyper-parameter too.
  const more = p > 0.3 ? [dense(4), relu(), dropout(p)] : [];
  return sequential([
    dense(hidden, { regularizer: l2(strength) }),
    activation,
    dropout(p),
    ...more,
    dense(3, { regularizer: l2(strength, { convention: 'sum' }) }),
  ]);
}

const options = (more: Partial<SearchOptions> = {}): SearchOptions => ({
  ...TRAINING,
  space: {
    dropout: uniform(0.05, 0.5),
    l2: uniform(1e-4, 1e-2),
    learningRate: uniform(0.01, 0.2),
    hidden: choice([5, 6]),
    activation: choice(['tanh', 'leakyRelu']),
  },
  strategy: successiveHalving({ eta: 2 }),
  population: 12,
  budget: { epochs: 4 },
  train: DATA,
  ...('folds' in more ? {} : { validation: OTHER }),
  seed: 3,
  ...more,
});

/** Trains one configuration by itself. */
async function alone(engine: Engine, { dropout, l2, learningRate, ...config }: Configuration, epochs: number) {
  const model = make({ dropout, l2, ...config });
  const trainer = await createTrainer(engine, model, { ...TRAINING, seed: 3 });
  trainer.set({ learningRate: Number(learningRate) });
  const losses: number[] = [];
  for await (const { trainLoss } of trainer.fit(DATA, { epochs })) losses.push(trainLoss);
  return { trainer, losses };
}

describe.each(ENGINES)('on %s', (_, engine) => {
  /** Checks that the file of the best network is that of a trainer of its configuration. */
  async function expectOwn(run: Search) {
    const { trials, best, bestConfig } = run.result;
    const bytes = await run.bestNetwork();
    const own = await alone(engine, bestConfig ?? {}, trials[best ?? 0].epochs);
    using trainer = await loadTrainer(engine, bytes);
    expect(configOf(trainer)).toEqual(configOf(own.trainer));
    expect(trainer.hyperParameters).toEqual(own.trainer.hyperParameters);
    expect(await trainer.weights()).toEqual(await own.trainer.weights());
    expect(bytes).toEqual(await own.trainer.save());
    own.trainer.dispose();
    return best;
  }

  test.each([{}, { patience: 1 }, { folds: 2 }] as Partial<SearchOptions>[])(
    'the file of a winner is that of its own trainer: %j',
    async (more) => {
      const winners = new Set<number | null>();
      for (const sign of [1, -1]) {
        const run = search(engine, make, options({ metric: ({ loss }) => sign * loss, ...more }));
        await drain(run);
        if (more.patience === undefined) winners.add(await expectOwn(run));
        else {
          using trainer = await loadTrainer(engine, await run.bestNetwork());
          const layers = JSON.stringify(configOf(trainer).layers);
          const { layers: own } = make(run.result.bestConfig ?? {});
          expect(layers).toBe(JSON.stringify(own.map(describePart)));
          winners.add(run.result.best);
        }
      }
      expect(winners.size).toBe(2); // so at least one is not the first of its group
    },
  );

  test('every trial is what a trainer of its own model is', async () => {
    const run = search(engine, make, options({ population: 8 }));
    await drain(run);
    for (const { config, rungs } of run.result.trials) {
      const own = await alone(engine, config, rungs.length);
      expect(rungs.map(({ trainLoss }) => trainLoss)).toEqual(own.losses);
      own.trainer.dispose();
    }
  });

  test('the file of a winner is the same, byte for byte, after the search was saved and resumed', async () => {
    const whole = search(engine, make, options());
    await drain(whole);
    let saved: Uint8Array | undefined;
    for (let epochs = 0; ; epochs++) {
      const part = search(engine, make, options({ resume: saved }));
      let isOver = true;
      for await (const _ of part) {
        isOver = false;
        break;
      }
      if (isOver) {
        expect(await part.bestNetwork()).toEqual(await whole.bestNetwork());
        expect(epochs).toBeGreaterThan(3);
        return;
      }
      saved = await part.save();
      part.dispose();
    }
  });

  test('a copy with other hyper-parameters has a file of its own', async () => {
    const space = { dropout: uniform(0.05, 0.3), l2: uniform(1e-4, 1e-2), hidden: 5, activation: 'leakyRelu' };
    const strategy = populationBased({ fraction: 0.5 });
    const run = search(engine, make, options({ space, strategy, population: 4, budget: { epochs: 3 } }));
    await drain(run);
    const { trials, best } = run.result;
    expect(trials.some(({ parent }) => parent !== undefined)).toBe(true);
    const { config } = trials[best ?? 0];
    using trainer = await loadTrainer(engine, await run.bestNetwork());
    const p = Number(config.dropout);
    expect(trainer.hyperParameters).toMatchObject({
      'dropout0.dropout': p,
      'leakyRelu0.slope': 0.1 + p / 2,
      'dense0.l2': Number(config.l2),
    });
    expect(configOf(trainer).layers).toMatchObject([
      { regularizer: { strength: config.l2 } },
      { slope: 0.1 + p / 2 },
      { p },
      { regularizer: { strength: config.l2 } },
    ]);
  });
});

test('what a layer or a penalty starts a hyper-parameter with decides no architecture', () => {
  const search = checkSearchOptions(make, options());
  const config = { dropout: 0.1, l2: 0.1, learningRate: 0.1, hidden: 5, activation: 'leakyRelu' };
  const key = keyOf(search, config);
  expect(keyOf(search, { ...config, dropout: 0.2, l2: 5, learningRate: 0.2 })).toBe(key);
  expect(keyOf(search, { ...config, l2: 5, hidden: 6 })).not.toBe(key);
});
