import { afterAll, expect, test } from 'vitest';
import { createEngine, createReferenceEngine, type L2Options, l2, meanSquaredError } from '../../src/index.js';
import { gamma } from './float32.js';
import { type LinearProblem, minimiser, squared } from './linear-problem.js';
import { decayOf, distance, EXAMPLES, examples, FEATURES, rowsOf, train } from './linear-training.js';

const engines = [await createEngine(), createReferenceEngine()];
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const { x, score } = examples(1);
const targets = Array.from({ length: EXAMPLES }, (_, row) => Math.fround(score(row)));
const ridge = (weights: number, bias = 0): LinearProblem => ({
  link: squared,
  rows: rowsOf(x),
  targets,
  decay: decayOf(weights, bias),
});

const STRENGTH = 0.375;
/** The factor of θ in the penalty's gradient, by convention. 'mean' is told its m, here not the batch's. */
const CONVENTIONS: readonly [name: string, options: L2Options, decay: number, bias?: number][] = [
  ["'half', the default", {}, STRENGTH],
  ["'half', biases too", { convention: 'half', biases: true }, STRENGTH, STRENGTH],
  ["'sum'", { convention: 'sum' }, 2 * STRENGTH],
  ["'mean'", { convention: 'mean', examples: 5 }, STRENGTH / 5],
];

test.each(CONVENTIONS)('ridge regression under %s ends at its closed form', async (_, options, decay, bias = 0) => {
  const problem = ridge(decay, bias);
  for (const engine of engines) {
    const regularizer = l2(STRENGTH, options);
    const { theta, minimiser: best, bound, penalty } = await train(engine, problem, meanSquaredError(), regularizer);
    expect(distance(theta, best)).toBeLessThanOrEqual(bound);
    // The minimisers of what is easily taken for it: no penalty, twice, half, m times or with the bias the other way.
    const others = [[0], [2 * decay], [decay / 2], [decay * EXAMPLES], [decay, bias === 0 ? decay : 0]];
    for (const [weights, ofBias = bias] of others) {
      expect(distance(theta, minimiser(ridge(weights, ofBias)))).toBeGreaterThan(100 * bound);
    }
    // A sum of squares, one more product and one more sum.
    const expected = problem.decay.reduce((sum, own, j) => sum + (own / 2) * theta[j] ** 2, 0);
    expect(Math.abs(penalty - expected)).toBeLessThanOrEqual(gamma(FEATURES + 4) * expected);
  }
});
