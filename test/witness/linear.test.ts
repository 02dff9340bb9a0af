import { expect, test } from 'vitest';
import { binaryCrossEntropy, type L2Options, l2, meanSquaredError } from '../../src/index.js';
import { bothEngines } from './both-engines.js';
import { gamma } from './float32.js';
import { type LinearProblem, logistic, minimiser, squared } from './linear-problem.js';
import { decayOf, distance, EXAMPLES, examples, FEATURES, rowsOf, train } from './linear-training.js';

const engines = await bothEngines();

const numbers = examples(1);
const classes = examples(2);
const ridge = {
  link: squared,
  rows: rowsOf(numbers.x),
  targets: Array.from({ length: EXAMPLES }, (_, row) => Math.fround(numbers.score(row))),
};
const logit = {
  link: logistic,
  rows: rowsOf(classes.x),
  targets: Array.from({ length: EXAMPLES }, (_, row) => (classes.score(row) > 0.5 ? 1 : 0)),
};

const STRENGTH = 0.375;

/** Models, and the factor of θ in the penalty's gradient by convention. 'mean' is told its m, here not the batch's. */
const CASES: readonly [name: string, Omit<LinearProblem, 'decay'>, L2Options, decay: number, bias?: number][] = [
  ["ridge regression under 'half', the default,", ridge, {}, STRENGTH],
  ["ridge regression under 'half', biases too,", ridge, { convention: 'half', biases: true }, STRENGTH, STRENGTH],
  ["ridge regression under 'sum'", ridge, { convention: 'sum' }, 2 * STRENGTH],
  ["ridge regression under 'mean'", ridge, { convention: 'mean', examples: 5 }, STRENGTH / 5],
  ['logistic regression', logit, {}, STRENGTH],
];

test.each(CASES)(
  "%s ends at its closed form, or where Newton's method does",
  async (_, model, options, decay, bias = 0) => {
    const problemOf = (weights: number, ofBias: number) => ({ ...model, decay: decayOf(weights, ofBias) });
    const problem = problemOf(decay, bias);
    const loss = model === ridge ? meanSquaredError() : binaryCrossEntropy();
    for (const engine of engines) {
      const { theta, minimiser: best, bound, penalty } = await train(engine, problem, loss, l2(STRENGTH, options));
      expect(distance(theta, best)).toBeLessThanOrEqual(bound);
      // The minimisers of what is easily taken for it: no penalty, twice, half, m times or with the bias the other way.
      const others = [[0], [2 * decay], [decay / 2], [decay * EXAMPLES], [decay, bias === 0 ? decay : 0]];
      for (const [weights, ofBias = bias] of others) {
        expect(distance(theta, minimiser(problemOf(weights, ofBias)))).toBeGreaterThan(100 * bound);
      }
      // A sum of squares, one more product and one more sum.
      const expected = problem.decay.reduce((sum, own, j) => sum + (own / 2) * theta[j] ** 2, 0);
      expect(Math.abs(penalty - expected)).toBeLessThanOrEqual(gamma(FEATURES + 4) * expected);
    }
  },
);
