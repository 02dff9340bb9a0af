import { checkOptions } from '../errors/arguments.js';
import { normalCdf, normalDensity, quantile } from '../random/normal.js';
import { fitGaussianProcess, type GaussianProcess } from './gaussian-regression.js';
import { type BatchOptions, checkBatchOptions, inBatches } from './in-batches.js';
import { choicesOf, configurationAt, type Observation, placesOf } from './places.js';
import type { SearchState, Strategy } from './strategy.js';

/** Options of `gaussianProcess`. */
export type GaussianProcessOptions = BatchOptions;

/** Trials that the process is fitted to: the best half and the latest half. */
const MOST_TRIALS = 256;
/** Points among which the next one is chosen: all over the space, and around each of the best trials. */
const FAR = 1024;
const NEAR = 64;
const CENTRES = 5;
/** Standard deviations of the steps from the best trials, in the unit of a range. */
const STEPS = [0.2, 0.05, 0.01];

/**
 * Bayesian optimisation: a Gaussian process is fitted to the scores of all trials, and the configuration with the highest expected
 * improvement is tried next. As many configurations as the search's `population` says, all trained to the end, a batch
 * at a time: what is chosen for a batch counts as having come out as the process expects ("kriging believer").
 *
 * Scores are compared in their logarithm if all are positive; those far above the others, and those of trials that
 * diverged, count as the highest that is not. Made for up to some hundred trials and about ten dimensions.
 * Sources: Snoek, Larochelle, Adams, "Practical Bayesian optimization of machine learning algorithms" (2012); Ginsbourger et
 * al., "Kriging is well-suited to parallelize optimization" (2010).
 * @throws TypeError or RangeError if an option is out of range or unknown
 */
export function gaussianProcess(options: GaussianProcessOptions = {}): Strategy {
  const where = 'gaussianProcess';
  checkOptions(where, options, ['start', 'batch']);
  return inBatches(where, { ...checkBatchOptions(where, options) }, (state, observations, count) => {
    const { space } = state;
    const known = mostTelling(observations);
    const choices = space.dimensions.map(({ distribution }) => choicesOf(distribution) !== undefined);
    let process = fitGaussianProcess(
      known.map(({ places }) => places),
      comparable(known.map(({ score }) => score)),
      choices,
    );
    return Array.from({ length: count }, () => {
      const places = mostPromising(process, candidatesOf(state, process));
      process = process.believing(places);
      return { config: configurationAt(space, places) };
    });
  });
}

function mostTelling(observations: readonly Observation[]): readonly Observation[] {
  if (observations.length <= MOST_TRIALS) return observations;
  const latest = observations.slice(-MOST_TRIALS / 2);
  const before = observations.slice(0, -MOST_TRIALS / 2);
  const best = [...before].sort((a, b) => (a.score === b.score ? 0 : a.score - b.score)).slice(0, MOST_TRIALS / 2);
  return [...best, ...latest];
}

/** Returns scores whose differences tell: in the logarithm where all are positive, nothing far above the others. */
export function comparable(scores: readonly number[]): number[] {
  const finite = scores.filter(Number.isFinite).sort((a, b) => a - b);
  if (finite.length === 0) return scores.map(() => 0);
  const scale = finite[0] > 0 ? Math.log : (score: number) => score;
  const at = (share: number) => scale(finite[Math.round(share * (finite.length - 1))]);
  const fence = at(0.75) + 1.5 * (at(0.75) - at(0.25)); // Tukey's
  const highest = Math.min(fence, scale(finite[finite.length - 1]));
  return scores.map((score) => (Number.isFinite(score) ? Math.min(scale(score), highest) : highest));
}

function candidatesOf({ space, random }: SearchState, { best }: GaussianProcess): number[][] {
  const drawn = () =>
    space.dimensions.map(({ distribution }) => {
      const count = choicesOf(distribution)?.length;
      return count === undefined ? random() : Math.floor(random() * count);
    });
  const far = Array.from({ length: FAR }, drawn);
  const near = best(CENTRES).flatMap((centre) =>
    Array.from({ length: NEAR }, (_, n) => {
      const other = drawn();
      return space.dimensions.map(({ distribution }, i) => {
        if (choicesOf(distribution)) return random() < STEPS[n % STEPS.length] ? other[i] : centre[i];
        const step = STEPS[n % STEPS.length] * quantile(random() * (1 - 2 ** -31) + 2 ** -33);
        return Math.min(1, Math.max(0, centre[i] + step));
      });
    }),
  );
  // As the space has them: integers lie at some places only.
  return [...far, ...near].map((places) => placesOf(space, configurationAt(space, places)));
}

/** Returns the place with the highest expected improvement; where there is none, that which is known least. */
function mostPromising(process: GaussianProcess, candidates: readonly number[][]): number[] {
  const lowest = process.lowestMean;
  let [chosen, most] = [candidates[0], [-1, -1]];
  for (const places of candidates) {
    const { mean, deviation } = process.at(places);
    const value = [expectedImprovement(lowest - mean, deviation), deviation];
    if (value[0] > most[0] || (value[0] === most[0] && value[1] > most[1])) [chosen, most] = [places, value];
  }
  return chosen;
}

/**
 * Returns the mean of max(0, x) of a normal distribution. Source: Jones, Schonlau, Welch, "Efficient global optimization of
 * expensive black-box functions" (1998), equation 15.
 */
export function expectedImprovement(mean: number, deviation: number): number {
  if (deviation <= 0) return Math.max(0, mean);
  const z = mean / deviation;
  return Math.max(0, mean * normalCdf(z) + deviation * normalDensity(z));
}
