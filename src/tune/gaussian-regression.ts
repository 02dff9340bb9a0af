/** A Gaussian process that has seen some values of a function of places. */
export interface GaussianProcess {
  /** The length scale of each dimension, and the variance of the noise as a share of the function's. */
  readonly lengths: readonly number[];
  readonly noise: number;
  /** The lowest mean at a place that was seen: the function's lowest value there, without the noise. */
  readonly lowestMean: number;
  /** Returns the `count` places that were seen whose means are lowest, the lowest first. */
  best(count: number): (readonly number[])[];
  /** Returns what it expects at a place: the mean of the function there and its standard deviation. */
  at(places: readonly number[]): { readonly mean: number; readonly deviation: number };
  /** Returns the process that has seen the value it expects at a place. */
  believing(places: readonly number[]): GaussianProcess;
}

type Places = readonly number[];

interface Parameters {
  readonly lengths: readonly number[];
  readonly noise: number;
}

/** Standard deviation of the logarithm of a length scale, before anything is seen. */
const LENGTH_DEVIATION = 1;
/** Mean and standard deviation of the logarithm of the noise, before anything is seen. */
const NOISE = { mean: Math.log(1e-2), deviation: 2 };
/** Steps of the fit, in the logarithm. */
const STEPS = [1, 0.5, 0.25, 0.1];
const MOST_TURNS = 5;

/**
 * Fits a Gaussian process with a constant mean, Matérn's covariance with ν = 5/2, a length scale for each dimension, and
 * noise: the length scales and the noise that make the values and themselves most likely, with log-normal priors; the
 * mean and the variance in closed form.
 * Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), algorithm 2.1, equations 4.17 and 5.8.
 * @param places of each value; those of a choice are numbers that are equal or not
 * @param choices true for the dimensions that are choices
 */
export function fitGaussianProcess(
  places: readonly Places[],
  values: readonly number[],
  choices: readonly boolean[],
): GaussianProcess {
  // The more dimensions, the farther apart places are.
  const start = Math.log(0.4 * Math.sqrt(choices.length));
  let at = [...choices.map(() => start), NOISE.mean];
  const likelihoodAt = (logs: readonly number[]) => {
    const parameters = parametersFrom(logs);
    const prior =
      logs.slice(0, -1).reduce((sum, log) => sum - ((log - start) / LENGTH_DEVIATION) ** 2 / 2, 0) -
      ((logs[logs.length - 1] - NOISE.mean) / NOISE.deviation) ** 2 / 2;
    return prior + solve(places, values, choices, parameters).likelihood;
  };
  let most = likelihoodAt(at);
  for (const step of STEPS) {
    for (let turn = 0, moved = true; moved && turn < MOST_TURNS; turn++) {
      moved = false;
      for (const i of at.keys()) {
        for (const by of [step, -step]) {
          const tried = at.with(i, at[i] + by);
          const likelihood = likelihoodAt(tried);
          if (!(likelihood > most)) continue;
          [at, most, moved] = [tried, likelihood, true];
          break;
        }
      }
    }
  }
  return processOf(places, values, choices, parametersFrom(at));
}

function parametersFrom(logs: readonly number[]): Parameters {
  const all = logs.map(Math.exp);
  return { lengths: all.slice(0, -1), noise: all[all.length - 1] };
}

/** Returns the process with given length scales and noise. */
export function processOf(
  places: readonly Places[],
  values: readonly number[],
  choices: readonly boolean[],
  parameters: Parameters,
): GaussianProcess {
  const { factor, mean, variance, weights } = solve(places, values, choices, parameters);
  const { lengths, noise } = parameters;
  const meanAt = (covariances: readonly number[]) =>
    covariances.reduce((sum, covariance, i) => sum + covariance * weights[i], mean);
  const covariancesAt = (where: Places) => places.map((each) => covarianceOf(each, where, lengths, choices));
  const means = places.map((each) => meanAt(covariancesAt(each)));
  const at = (where: Places) => {
    const covariances = covariancesAt(where);
    const halves = solveLower(factor, covariances);
    const explained = halves.reduce((sum, each) => sum + each * each, 0);
    return { mean: meanAt(covariances), deviation: Math.sqrt(variance * Math.max(0, 1 - explained)) };
  };
  return {
    lengths,
    noise,
    lowestMean: Math.min(...means),
    best: (count) => {
      const order = [...places.keys()].sort((a, b) => means[a] - means[b] || a - b);
      return order.slice(0, count).map((i) => places[i]);
    },
    at,
    believing: (where) => processOf([...places, where], [...values, at(where).mean], choices, parameters),
  };
}

/** Returns what the values say with given length scales and noise. */
function solve(
  places: readonly Places[],
  values: readonly number[],
  choices: readonly boolean[],
  parameters: Parameters,
) {
  const { lengths, noise } = parameters;
  const n = places.length;
  const factor = cholesky(
    places.map((a, i) =>
      places.slice(0, i + 1).map((b, j) => covarianceOf(a, b, lengths, choices) + (i === j ? noise + 1e-8 : 0)),
    ),
  );
  const inverseTimes = (vector: readonly number[]) => solveUpper(factor, solveLower(factor, vector));
  const ones = inverseTimes(values.map(() => 1));
  const mean = dot(ones, values) / ones.reduce((sum, each) => sum + each, 0);
  const centred = values.map((value) => value - mean);
  const weights = inverseTimes(centred);
  const variance = Math.max(1e-12, dot(centred, weights) / n);
  const logDeterminant = factor.reduce((sum, row, i) => sum + 2 * Math.log(row[i]), 0);
  return { factor, mean, variance, weights, likelihood: -0.5 * (n * Math.log(variance) + logDeterminant + n) };
}

/** Matérn's covariance with ν = 5/2 and variance 1; two values of a choice are at distance 0 or 1. */
function covarianceOf(a: Places, b: Places, lengths: readonly number[], choices: readonly boolean[]): number {
  let squares = 0;
  for (const [i, length] of lengths.entries()) {
    const difference = choices[i] ? Number(a[i] !== b[i]) : a[i] - b[i];
    squares += (difference / length) ** 2;
  }
  const distance = Math.sqrt(5 * squares);
  return (1 + distance + (distance * distance) / 3) * Math.exp(-distance);
}

/** Returns the lower triangle L with L · Lᵀ = a, for the lower triangle of a positive definite matrix. */
export function cholesky(a: readonly (readonly number[])[]): number[][] {
  const factor: number[][] = [];
  for (const [i, row] of a.entries()) {
    const own: number[] = [];
    for (let j = 0; j <= i; j++) {
      const above = j === i ? own : factor[j];
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= own[k] * above[k];
      own.push(j === i ? Math.sqrt(Math.max(rest, 1e-12)) : rest / above[j]);
    }
    factor.push(own);
  }
  return factor;
}

/** Returns the x with L · x = b. */
function solveLower(factor: readonly (readonly number[])[], b: readonly number[]): number[] {
  const x: number[] = [];
  for (const [i, row] of factor.entries()) {
    let rest = b[i];
    for (let k = 0; k < i; k++) rest -= row[k] * x[k];
    x.push(rest / row[i]);
  }
  return x;
}

/** Returns the x with Lᵀ · x = b. */
function solveUpper(factor: readonly (readonly number[])[], b: readonly number[]): number[] {
  const x = [...b];
  for (let i = factor.length - 1; i >= 0; i--) {
    x[i] /= factor[i][i];
    for (let k = 0; k < i; k++) x[k] -= factor[i][k] * x[i];
  }
  return x;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, i) => sum + each * b[i], 0);
}
