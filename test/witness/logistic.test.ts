import { afterAll, expect, test } from 'vitest';
import { binaryCrossEntropy, createEngine, createReferenceEngine, l2 } from '../../src/index.js';
import { type LinearProblem, logistic, minimiser } from './linear-problem.js';
import { decayOf, distance, EXAMPLES, examples, rowsOf, train } from './linear-training.js';

const engines = [await createEngine(), createReferenceEngine()];
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const { x, score } = examples(2);
const targets = Array.from({ length: EXAMPLES }, (_, row) => (score(row) > 0.5 ? 1 : 0));
const withDecay = (weights: number, bias = 0): LinearProblem => ({
  link: logistic,
  rows: rowsOf(x),
  targets,
  decay: decayOf(weights, bias),
});

const STRENGTH = 0.125;

test("logistic regression ends where Newton's method does", async () => {
  for (const engine of engines) {
    const problem = withDecay(STRENGTH);
    const { theta, minimiser: best, bound } = await train(engine, problem, binaryCrossEntropy(), l2(STRENGTH));
    expect(distance(theta, best)).toBeLessThanOrEqual(bound);
    for (const [weights, bias = 0] of [[0], [STRENGTH / 2], [2 * STRENGTH], [STRENGTH, STRENGTH]]) {
      expect(distance(theta, minimiser(withDecay(weights, bias)))).toBeGreaterThan(100 * bound);
    }
  }
});
