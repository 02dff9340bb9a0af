import type { Key } from '../../src/random/philox.js';
import { logUniform, uniform } from '../../src/tune/distributions.js';
import { checkSpace, type Space } from '../../src/tune/space.js';
import { type SearchState, stateRandom } from '../../src/tune/strategy.js';
import type { Trial } from '../../src/tune/trial.js';

export const SPACE: Space = { l2: logUniform(1e-6, 1e-2), dropout: uniform(0, 0.8) };

/** The part of a state that a test gives. */
interface Stated extends Partial<Omit<SearchState, 'space'>> {
  readonly space?: Space;
  readonly key?: Key;
}

/** A state at its beginning, but for what is said. */
export function stateOf({ space = SPACE, key = [7, 0], ...stated }: Stated = {}): SearchState {
  const { round = 0 } = stated;
  return {
    space: checkSpace('test', space),
    changeable: ['l2', 'dropout', 'slope', 'decaySteps'],
    round,
    population: undefined,
    epochs: 9,
    trials: [],
    busy: [],
    random: stateRandom(key, round),
    ...stated,
  };
}

/** Running trials with these scores after as many epochs, numbered from 0; `more` says what is different, by id. */
export function trialsOf(
  scores: readonly (number | undefined)[],
  epochs: number,
  more: Readonly<Record<number, Partial<Trial>>> = {},
): Trial[] {
  return scores.map((score, id) => ({
    id,
    config: { l2: 1e-4, dropout: 0.4 },
    status: 'running',
    epochs,
    ...(score !== undefined && { score }),
    rungs: [],
    seconds: 0,
    ...more[id],
  }));
}
