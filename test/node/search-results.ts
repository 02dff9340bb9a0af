import type { Configuration, SearchResult, Trial, TrialEpoch, TrialStatus } from '../../src/tune.js';

const logUniform = (low: number, high: number) => ({ kind: 'logUniform', low, high });
const uniform = (low: number, high: number) => ({ kind: 'uniform', low, high });

/** Returns a made-up score of a configuration: best at λ = 1e-4 and p = 0.2. */
function lossAt(config: Configuration, epoch: number): { trainLoss: number; validationLoss: number } {
  const { l2 = 1e-4, dropout = 0.2 } = config;
  const rates = [dropout].flat().map(Number);
  const rate = rates.reduce((sum, each) => sum + each, 0) / rates.length;
  const decades = Math.log10(Number(l2) / 1e-4);
  const trainLoss = 0.1 + 0.9 / epoch + 0.02 * Math.max(0, decades) ** 3 + 0.3 * rate;
  const gap = 0.08 * epoch * Math.exp(-2 - decades / 2 - 4 * rate);
  return { trainLoss, validationLoss: trainLoss - 0.25 * rate + gap };
}

interface Making {
  readonly accuracy?: boolean;
  readonly folds?: boolean;
  readonly status?: TrialStatus;
  readonly parent?: number;
  readonly from?: number;
  readonly epochs: number;
}

/** A trial of `config` from the epoch after `from` to `epochs`. */
export function trialOf(id: number, config: Configuration, making: Making): Trial {
  const { accuracy = false, folds = false, status = 'finished', parent, from = 0, epochs } = making;
  const rungs = Array.from({ length: epochs - from }, (_, i): TrialEpoch => {
    const epoch = from + i + 1;
    const { trainLoss, validationLoss } = lossAt(config, epoch);
    const shares = { trainAccuracy: Math.exp(-trainLoss / 3), validationAccuracy: Math.exp(-validationLoss / 3) };
    return {
      epoch,
      seconds: 0.5,
      trainLoss,
      validationLoss,
      ...(accuracy && shares),
      score: accuracy ? 1 - shares.validationAccuracy : validationLoss,
      ...(folds && { standardError: 0.02 }),
    };
  });
  const last = rungs.at(-1);
  const score =
    status === 'diverged' || !last
      ? undefined
      : status === 'stopped early'
        ? Math.min(...rungs.map((rung) => rung.score))
        : last.score;
  return {
    id,
    config,
    status,
    ...(parent !== undefined && { parent }),
    epochs,
    ...(score !== undefined && { score }),
    rungs,
    seconds: rungs.length / 2,
    ...(status === 'diverged' && { diverged: { step: 41, what: 'loss' } }),
  };
}

/** A search made of its trials. */
export function searchOf(trials: readonly Trial[], more: Partial<SearchResult>): SearchResult {
  const standing = trials.filter(({ status, score }) => status !== 'dropped' && status !== 'diverged' && score);
  const best = standing.toSorted((a, b) => Number(a.score) - Number(b.score))[0];
  return {
    format: 'wgrad search 1',
    complete: true,
    adapter: 'Voodoo & Co',
    seconds: 61.5,
    seed: '0',
    metric: 'loss',
    folds: 0,
    epochs: 8,
    strategy: { kind: 'grid', options: { points: 6 } },
    space: { l2: logUniform(1e-6, 0.1), dropout: uniform(0, 0.5) },
    trials,
    best: best?.id ?? null,
    bestConfig: best?.config ?? null,
    oneStandardError: null,
    ...more,
  };
}

const STRENGTHS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
const RATES = [0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5];

/** 36 networks over classes; one diverged, one was stopped early. */
export const grid = searchOf(
  STRENGTHS.flatMap((l2, i) =>
    RATES.map((dropout, j) => {
      const status = i === 5 && j === 0 ? 'diverged' : i === 0 && j === 0 ? 'stopped early' : 'finished';
      return trialOf(6 * i + j, { l2, dropout }, { accuracy: true, epochs: status === 'diverged' ? 2 : 8, status });
    }),
  ),
  { metric: 'accuracy' },
);

/** The same, after three epochs of eight. */
export const underWay = searchOf(
  grid.trials.map(({ id, config, status }) =>
    status === 'diverged'
      ? grid.trials[id]
      : trialOf(id, config, { accuracy: true, epochs: 3, status: id % 4 === 3 ? 'dropped' : 'running' }),
  ),
  { metric: 'accuracy', complete: false, seconds: 20 },
);

/** 27 networks over numbers, of which successive halving dropped most. */
export const halving = searchOf(
  Array.from({ length: 27 }, (_, id) => {
    const l2 = 1e-6 * 10 ** (5 * ((id * 0.618034) % 1));
    const dropout = 0.5 * ((id * 0.414214 + 0.3) % 1);
    const epochs = id % 9 === 4 ? 9 : id % 3 === 1 ? 3 : 1;
    const status = id === 11 ? 'diverged' : epochs === 9 ? 'finished' : 'dropped';
    return trialOf(id, { l2, dropout }, { epochs, status });
  }),
  { epochs: 9, strategy: { kind: 'halving', options: { eta: 3 } } },
);

/** λ alone, over five folds: the rule of one standard error takes a larger λ than the best. */
export const folds = searchOf(
  STRENGTHS.map((l2, id) => trialOf(id, { l2 }, { folds: true, epochs: 8 })),
  { folds: 5, space: { l2: logUniform(1e-6, 0.1) }, oneStandardError: 3 },
);

const HIDDEN = ['128,64', '256,32'].map((units) => units.split(',').map(Number));

/** A rate for each of two layers, and a choice of networks. */
export const perLayer = searchOf(
  Array.from({ length: 18 }, (_, id) => {
    const dropout = [0.25 * (id % 3), 0.25 * (Math.floor(id / 3) % 3)];
    const hidden = HIDDEN[id < 9 ? 0 : 1];
    return trialOf(id, { dropout, hidden, activation: 'relu' }, { accuracy: true, epochs: 8 });
  }),
  {
    metric: 'accuracy',
    space: {
      dropout: [uniform(0, 0.5), uniform(0, 0.5)],
      hidden: { kind: 'choice', values: HIDDEN },
      activation: { kind: 'fixed', value: 'relu' },
    },
  },
);

/** Two of four networks were given up for perturbed copies of the others. */
export const population = searchOf(
  [
    trialOf(0, { l2: 1e-4, dropout: 0.3 }, { epochs: 8 }),
    trialOf(1, { l2: 1e-2, dropout: 0.5 }, { epochs: 4, status: 'dropped' }),
    trialOf(2, { l2: 3e-5, dropout: 0.1 }, { epochs: 8 }),
    trialOf(3, { l2: 3e-6, dropout: 0 }, { epochs: 4, status: 'dropped' }),
    trialOf(4, { l2: 1.2e-4, dropout: 0.24 }, { epochs: 8, from: 4, parent: 0 }),
    trialOf(5, { l2: 2.4e-5, dropout: 0.12 }, { epochs: 8, from: 4, parent: 2 }),
  ],
  { strategy: { kind: 'population-based', options: {} } },
);

/** Before the first epoch. */
export const started = searchOf(
  STRENGTHS.map((l2, id) => trialOf(id, { l2, dropout: 0.5 }, { epochs: 0, status: 'running' })),
  { complete: false, seconds: 0 },
);

/** Before the first trial. */
export const empty = searchOf([], { complete: false, seconds: 0 });

/** Whatever happens: nothing is left. */
export const lost = searchOf(
  grid.trials.map(({ id, config }) => trialOf(id, config, { epochs: 0, status: 'diverged' })),
  {},
);

export const SEARCHES = { grid, underWay, halving, folds, perLayer, population, started, empty, lost };
