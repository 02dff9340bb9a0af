/// <reference types="@webgpu/types" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Searches for hyper-parameters with many networks in the same dispatches, and tunes kernels.
 * @module wgrad/tune
 */
export { type AutotuneOptions, type AutotuneProgress, autotune } from './tune/autotune.js';
export {
  type ConfigurationValue,
  choice,
  type Distribution,
  fixed,
  integer,
  logUniform,
  uniform,
} from './tune/distributions.js';
export { type Edge, edgesOf, importanceOf } from './tune/findings.js';
export { type GaussianProcessOptions, gaussianProcess } from './tune/gaussian-process.js';
export { type GridPoints, grid } from './tune/grid.js';
export { type HyperbandOptions, hyperband } from './tune/hyperband.js';
export type { BatchOptions } from './tune/in-batches.js';
export { type PopulationBasedOptions, populationBased } from './tune/population-based.js';
export { random } from './tune/random.js';
export {
  type RepeatedTrial,
  type RepeatedWinners,
  type RepeatOptions,
  repeatWinners,
} from './tune/repeat-winners.js';
export { type Search, type SearchRung, search } from './tune/search.js';
export type { SearchMetric, SearchModel, SearchOptions, TrialEvaluation } from './tune/search-options.js';
export { type SearchResult, toCSV } from './tune/search-result.js';
export { sobol } from './tune/sobol.js';
export {
  type CheckedSpace,
  type Configuration,
  type Dimension,
  type Space,
  type SpaceEntry,
  spaceFromJson,
} from './tune/space.js';
export type { Proposal, Round, SearchState, Strategy } from './tune/strategy.js';
export {
  type HalvingOptions,
  type Sampler,
  type SuccessiveHalvingOptions,
  successiveHalving,
} from './tune/successive-halving.js';
export { type TpeOptions, tpe } from './tune/tpe.js';
export type { Trial, TrialEpoch, TrialStatus } from './tune/trial.js';
export type { TunedLambda } from './tune/tunable-l2.js';
export {
  type GradientTuning,
  type GradientTuningEpoch,
  type GradientTuningOptions,
  tuneByGradient,
} from './tune/tune-by-gradient.js';
export type { TunedCandidate, TunedShape, Tuning, TuningStore } from './tune/tuning.js';
