import { type Knobs, runsWith, type State } from '../../demo/contract/state.js';

/** Returns a page's state: a small network on two moons, with a run for each of the knobs. */
export const stateOf = (hidden: readonly number[], ...runs: readonly Knobs[]): State => ({
  data: 'moons',
  examples: 100,
  noise: 0,
  hidden: [...hidden],
  activation: 'tanh',
  optimizer: 'adam',
  batch: 50,
  seed: 1,
  steps: 0,
  runs: runsWith(runs),
  selected: 0,
});
