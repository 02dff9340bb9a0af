import { expect, test } from 'vitest';
import { type Dataset, dataset, dense, type Engine, l2, meanSquaredError, sequential, sgd } from '../../src/index.js';
import { seedKey } from '../../src/random/seed.js';
import { fillNormal } from '../../src/random/uniform.js';
import { grid, logUniform, type SearchOptions, search } from '../../src/tune.js';
import { bothEngines } from './both-engines.js';

/**
 * Ridge regression whose best λ is known: weights drawn from N(0, τ²), targets with noise N(0, σ²). The posterior mean is the
 * ridge estimate of Σ (y - x·w)² + α|w|² with α = σ²/τ², and no estimate predicts better on average. Our objective is
 * (1/m) Σ (y - x·w)² + (λ/2)|w|², so that λ = 2α/m. Source: Hoerl and Kennard, "Ridge regression" (1970), section 6.
 */
const FEATURES = 64;
const EXAMPLES = 128;
const JUDGES = 1000;
const WEIGHT = 0.5;
const NOISE = 3;
const BEST = (2 * (NOISE / WEIGHT) ** 2) / EXAMPLES;

/** λ doubles from one point of the grid to the next; the best one is in the middle. */
const STEPS = 6;
const space = { l2: logUniform(BEST / 2 ** STEPS, BEST * 2 ** STEPS) };

const engines = await bothEngines();

function problem(seed: number) {
  const key = seedKey('test', 'seed', seed);
  let layer = 0x800000;
  const normal = (count: number, deviation: number) => fillNormal(new Float32Array(count), 0, deviation, key, layer++);
  const weights = normal(FEATURES, WEIGHT);
  const data = (rows: number) => {
    const x = normal(rows * FEATURES, 1);
    const noise = normal(rows, NOISE);
    const y = noise.map((e, row) => weights.reduce((sum, w, j) => sum + w * x[row * FEATURES + j], e));
    return dataset({ x, y, features: FEATURES });
  };
  return { train: data(EXAMPLES), validation: data(JUDGES) };
}

/** The same rows several times, so that an epoch has as many steps on all of them. */
const STEPS_AN_EPOCH = 10;
function repeated({ x, y, features }: Dataset): Dataset {
  const copies = <T>(values: ArrayLike<T>) => Array.from({ length: STEPS_AN_EPOCH }, () => Array.from(values)).flat();
  return dataset({ x: Float32Array.from(copies(x)), y: Float32Array.from(copies(y)), features });
}

/** Returns the point of the grid that a search finds, and checks that it lies in a valley. */
async function found(engine: Engine, judged: Pick<SearchOptions, 'train' | 'validation' | 'folds' | 'budget'>) {
  const run = search(engine, sequential([dense(1, { bias: false })]), {
    input: [FEATURES],
    batchSize: EXAMPLES,
    loss: meanSquaredError(),
    regularizer: l2(BEST),
    // The largest curvature of the objective is about 2 (1 + sqrt(64 / 128))² + λ.
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    space,
    strategy: grid(2 * STEPS + 1),
    ...judged,
  });
  for await (const _ of run);
  const { best, trials } = run.result;
  for (const end of [0, 2 * STEPS]) expect(trials[end].score).toBeGreaterThan(1.05 * (trials[best ?? 0].score ?? 0));
  return best ?? Number.NaN;
}

test.each([1, 2, 3])('a search finds the λ of the closed form within one step of its grid, data %i', async (seed) => {
  const { train, validation } = problem(seed);
  for (const engine of seed === 1 ? engines : engines.slice(0, 1)) {
    const best = await found(engine, { train: repeated(train), validation, budget: { epochs: 15 } });
    expect(Math.abs(best - STEPS)).toBeLessThanOrEqual(1);
  }
});

test('so does a cross-validation', async () => {
  const best = await found(engines[0], { train: problem(1).train, folds: 4, budget: { epochs: 150 } });
  expect(Math.abs(best - STEPS)).toBeLessThanOrEqual(1);
});
