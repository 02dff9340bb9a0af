import { describe, expect, test } from 'vitest';
import { ridgeData, sumData } from '../../src/data/synthetic.js';
import {
  createTrainer,
  type Dataset,
  dense,
  dropout,
  l2,
  meanSquaredError,
  type Regularizer,
  relu,
  sequential,
  sgd,
} from '../../src/index.js';
import { ENGINES } from './engines.js';

const POINTS = 100;
const STEPS = 1000;
const LAMBDA = 0.01;

/** All of a data set as one batch. */
const batchOf = ({ x, y }: Dataset) => ({ x: Float32Array.from(x), y: Float32Array.from(y) });

/** The minimiser of (1/m) Σ (wx + b - y)² + λw², where both derivatives are 0, in float64. */
function minimiser({ x, y }: Dataset, strength: number): [w: number, b: number] {
  const mean = (value: (i: number) => number) =>
    Array.from(x, (_, i) => value(i)).reduce((a, b) => a + b, 0) / x.length;
  const [mx, my] = [mean((i) => x[i]), mean((i) => y[i])];
  const w = mean((i) => (x[i] - mx) * (y[i] - my)) / (mean((i) => (x[i] - mx) ** 2) + strength);
  return [w, my - w * mx];
}

/** λ · Σw² in each of the three conventions. */
const CONVENTIONS: readonly [name: string, regularizer: Regularizer | undefined, strength: number][] = [
  ['sum', l2(LAMBDA, { convention: 'sum' }), LAMBDA],
  ['half', l2(2 * LAMBDA, { convention: 'half' }), LAMBDA],
  ['mean', l2(2 * POINTS * LAMBDA, { convention: 'mean', examples: POINTS }), LAMBDA],
  ['sum, a hundred times stronger,', l2(100 * LAMBDA, { convention: 'sum' }), 100 * LAMBDA],
  ['no penalty', undefined, 0],
];

describe.each(ENGINES)('on %s', (_, engine) => {
  test.each(CONVENTIONS)('ridge with %s is the closed form', async (_, regularizer, strength) => {
    const { train } = ridgeData(1);
    using trainer = await createTrainer(engine, sequential([dense(1)]), {
      input: [1],
      batchSize: POINTS,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.01 }),
      regularizer,
    });
    const batch = batchOf(train);
    for (let step = 0; step < STEPS; step++) trainer.step(batch);
    const [w, b] = (await trainer.weights()).map(({ data }) => data[0]);
    const [bestW, bestB] = minimiser(train, strength);
    expect(Math.abs(w - bestW)).toBeLessThan(1e-4);
    expect(Math.abs(b - bestB)).toBeLessThan(1e-4);
    expect(Math.abs(bestW - minimiser(train, strength + LAMBDA)[0])).toBeGreaterThan(1e-3); // λ is seen
    expect((await trainer.metrics()).penalty).toBeCloseTo(strength * w * w, 6);
  });

  test.each<[string, Regularizer | undefined]>([
    ['dropout', undefined],
    ['dropout and L2', l2(LAMBDA, { convention: 'sum' })],
  ])('%s learns the sum of ten features', async (_, regularizer) => {
    const { train, validation } = sumData(1);
    using trainer = await createTrainer(engine, sequential([dense(10), relu(), dropout(0.5), dense(1)]), {
      input: [10],
      batchSize: POINTS,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 0.01 }),
      regularizer,
    });
    const batch = batchOf(train);
    for (let step = 0; step < STEPS; step++) trainer.step(batch);
    const { loss, penalty } = await trainer.evaluate(validation);
    const targets = Array.from(validation.y);
    const mean = targets.reduce((sum, y) => sum + y, 0) / targets.length;
    const variance = targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) / targets.length;
    expect(loss).toBeLessThan(variance / 2);
    expect(penalty > 0).toBe(regularizer !== undefined);
    // Training sees dropout, evaluation does not.
    expect((await trainer.metrics()).steps.at(-1)?.loss).toBeGreaterThan(loss);
  });
});
