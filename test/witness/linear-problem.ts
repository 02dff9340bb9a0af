import { type Matrix, norm, solve } from './cholesky.js';

/** The loss of an example as a function of a linear model's output z. */
export interface Link {
  /** dloss/dz. */
  slope(z: number, target: number): number;
  /** d²loss/dz². */
  curvature(z: number): number;
  /** The least of `curvature` within `radius` of z. */
  leastCurvature(z: number, radius: number): number;
  /** The most of it anywhere. */
  readonly mostCurvature: number;
  /** Bound on the rounding of `slope` from an exact z, in units of 2^-23. */
  slopeUlps(slope: number): number;
}

/** (z - t)². The slope rounds in z - t and in the product with 2. */
export const squared: Link = {
  slope: (z, target) => 2 * (z - target),
  curvature: () => 2,
  leastCurvature: () => 2,
  mostCurvature: 2,
  slopeUlps: (slope) => 2 * Math.abs(slope),
};

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const sigmoidSlope = (z: number) => sigmoid(z) * sigmoid(-z);

/**
 * Cross-entropy of sigmoid(z) with t in [0, 1]. WGSL's exp(-a) is within 3 + 2a units of its value, which is never more than
 * 3 in all, and sigmoid follows it by no more; 1 + exp(-a) rounds, the division is within 2.5 units, the difference rounds:
 * 7.5, of numbers that are at most 1.
 */
export const logistic: Link = {
  slope: (z, target) => sigmoid(z) - target,
  curvature: sigmoidSlope,
  leastCurvature: (z, radius) => sigmoidSlope(Math.abs(z) + radius),
  mostCurvature: 1 / 4,
  slopeUlps: () => 7.5,
};

/** J(θ) = (1/m) Σ loss(x̃·θ, t) + Σ decay_j/2 · θ_j², θ = (w, b) and x̃ = (x, 1). */
export interface LinearProblem {
  readonly link: Link;
  /** x̃: the features of every example and a 1. */
  readonly rows: Matrix;
  readonly targets: readonly number[];
  /** The factor of θ in the penalty's gradient: 0 where a parameter is not penalised. */
  readonly decay: readonly number[];
}

export function dot(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

/** dJ/dθ. */
function gradient({ link, rows, targets, decay }: LinearProblem, theta: readonly number[]): number[] {
  const slopes = rows.map((row, i) => link.slope(dot(row, theta), targets[i]));
  return theta.map((value, j) => dot(slopes, column(rows, j)) / rows.length + decay[j] * value);
}

/** (1/m) Σ curvature_i · x̃_i x̃_iᵀ + diag(decay): the Hessian of J where every example has that curvature. */
export function hessian({ rows, decay }: LinearProblem, curvatures: readonly number[]): number[][] {
  return decay.map((own, j) =>
    decay.map((_, k) => {
      const terms = rows.map((row, i) => curvatures[i] * row[j] * row[k]);
      return terms.reduce((sum, term) => sum + term, 0) / rows.length + (j === k ? own : 0);
    }),
  );
}

/**
 * The θ where J is least, by Newton's steps from 0, each solved by Cholesky. With squared errors the first one solves the
 * normal equations of ridge regression, ((2/m) X̃ᵀX̃ + diag(decay)) θ = (2/m) X̃ᵀt, and the second confirms it.
 */
export function minimiser(problem: LinearProblem): number[] {
  let theta = problem.decay.map(() => 0);
  for (let step = 0; step < 50; step++) {
    const curvatures = problem.rows.map((row) => problem.link.curvature(dot(row, theta)));
    const change = solve(hessian(problem, curvatures), gradient(problem, theta));
    theta = theta.map((value, j) => value - change[j]);
    if (norm(change) < 1e-12) return theta; // and another step would change that much squared
  }
  throw new Error("minimiser: Newton's steps did not become small");
}

function column(rows: Matrix, j: number): number[] {
  return rows.map((row) => row[j]);
}
