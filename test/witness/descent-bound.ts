import { atLeastLargest, atMostSmallest, norm } from './cholesky.js';
import { gamma, ULP } from './float32.js';
import { dot, hessian, type LinearProblem, minimiser } from './linear-problem.js';

/** Bounds on where gradient descent in float32 ends. */
export interface Descent {
  readonly minimiser: readonly number[];
  /** Steps after which more of them would hardly help. */
  readonly steps: number;
  /** Bound on the Euclidean distance from the minimiser then. */
  readonly bound: number;
}

/** A rate <= 1 / L, L being at least the Hessian's largest eigenvalue: a power of two, which float32 multiplies by exactly. */
export function rateOf(problem: LinearProblem): number {
  const { rows, link } = problem;
  const most = rows.map(() => link.mostCurvature);
  return 2 ** Math.floor(-Math.log2(atLeastLargest(hessian(problem, most))));
}

/**
 * Follows how far gradient descent in float32 can be from the minimiser θ*, from its distance e at the start. By the mean
 * value theorem an exact step is θ' - θ* = (I - lr·H) (θ - θ*), H a mean of Hessians between θ and θ*. Its eigenvalues lie
 * in [μ(e), 1/lr], so that the distance falls by the factor 1 - lr·μ(e); rounding adds to it:
 *
 *     e' <= (1 - lr·μ(e))·e + lr·|gradient's rounding| + 2^-23·(|θ*| + e).
 *
 * At its end, e = |gradient's rounding| / μ + 2^-23·|θ*| / (lr·μ): the familiar fixed point at which lr·gradient no longer
 * moves a last place. Stops where rounding undoes 15/16 of a step.
 */
export function descend(problem: LinearProblem, start: readonly number[]): Descent {
  const best = minimiser(problem);
  const rate = rateOf(problem);
  const size = norm(best);
  let e = norm(start.map((value, j) => value - best[j]));
  for (let steps = 1; steps < 10_000; steps++) {
    const gain = rate * leastEigenvalue(problem, best, e) * e;
    e += -gain + rate * gradientRounding(problem, best, e) + ULP * (size + e);
    const loss = rate * gradientRounding(problem, best, e) + ULP * (size + e);
    if (loss > (15 / 16) * gain) return { minimiser: best, steps, bound: e };
  }
  throw new Error('descend: the bound does not come to rest');
}

/** At most the least eigenvalue of any Hessian within `e` of θ*, where z moves by up to |x̃|·e. */
function leastEigenvalue(problem: LinearProblem, best: readonly number[], e: number): number {
  const { rows, link } = problem;
  const least = rows.map((row) => link.leastCurvature(dot(row, best), norm(row) * e));
  return atMostSmallest(hessian(problem, least));
}

/**
 * Bound on the length of a float32 gradient's error within `e` of θ*. γ_n bounds a sum of n terms (Higham, section 3.1).
 * Each z is a sum of as many products as θ is long; the slope follows it by at most the most curvature and rounds itself;
 * the gradient sums m products with it, is divided by m and added to the penalty's, decay·θ.
 */
function gradientRounding({ link, rows, targets, decay }: LinearProblem, best: readonly number[], e: number): number {
  const size = norm(best) + e;
  const m = rows.length;
  const slopes = rows.map(
    (row, i) => Math.abs(link.slope(dot(row, best), targets[i])) + link.mostCurvature * norm(row) * e,
  );
  const slopeErrors = rows.map(
    (row, i) => link.mostCurvature * gamma(decay.length + 1) * norm(row) * size + ULP * link.slopeUlps(slopes[i]),
  );
  const sums = (norm(rows.flat()) / m) * (norm(slopeErrors) + gamma(m + 3) * (norm(slopes) + norm(slopeErrors)));
  return sums + gamma(4) * Math.max(...decay) * size;
}
