import {
  createPopulation,
  type Engine,
  type EpochReport,
  type Evaluation,
  type PerMember,
  type Population,
} from 'wgrad';
import type { Spread, WinnerFacts } from '../../contract/protocol.js';
import { SEEDS } from '../../contract/search-work.js';
import type { Knobs, State } from '../../contract/state.js';
import type { LoadedData } from '../data/loaded-data.js';
import { trainingOf } from '../training.js';

/** The winner of a search: its knobs, with the data and the network that all cells had. */
export interface Winner {
  readonly state: State;
  readonly data: LoadedData;
  readonly knobs: Knobs;
  readonly epochs: number;
}

/**
 * Trains the winner of a search again from other seeds, side by side, and tests each on examples by which nothing was
 * chosen: the validation loss of the best of many is too good, partly by luck.
 */
export class WinnerTest {
  readonly #winner: Winner;
  #engine: Engine | undefined;
  #population: Population | undefined;
  #epochs: AsyncIterator<PerMember<EpochReport>> | undefined;
  facts: WinnerFacts;

  constructor(winner: Winner) {
    this.#winner = winner;
    this.facts = { seeds: SEEDS, epoch: 0, epochs: winner.epochs };
  }

  /** Trains the next epoch of all networks, or tests them after the last one; on another engine it begins again. @returns true if it is over */
  async turn(engine: Engine): Promise<boolean> {
    if (engine !== this.#engine) await this.#begin(engine);
    const next = await this.#epochs?.next();
    if (next && !next.done) {
      this.facts = { ...this.facts, epoch: this.facts.epoch + 1 };
      return false;
    }
    const { test, validation } = this.#winner.data;
    const tested = await this.#population?.evaluate(test);
    const validated = await this.#population?.evaluate(validation);
    if (tested && validated) this.facts = { ...this.facts, ...scoresOf(tested), validation: scoresOf(validated) };
    this.dispose();
    return true;
  }

  dispose(): void {
    this.#population?.dispose();
    this.#population = undefined;
  }

  async #begin(engine: Engine): Promise<void> {
    const { state, data, knobs, epochs } = this.#winner;
    this.dispose();
    const { model, options } = trainingOf(state, knobs, data);
    const members = otherSeeds(state.seed).map((seed) => ({ seed, shuffleSeed: seed }));
    this.#population = await createPopulation(engine, model, { ...options, members, order: 'own' });
    this.#epochs = this.#population.fit(data.train, { epochs })[Symbol.asyncIterator]();
    this.#engine = engine;
    this.facts = { seeds: SEEDS, epoch: 0, epochs };
  }
}

function otherSeeds(seed: number): number[] {
  return Array.from({ length: SEEDS + 1 }, (_, i) => i + 1)
    .filter((each) => each !== seed)
    .slice(0, SEEDS);
}

function scoresOf({ loss, accuracy = [] }: PerMember<Evaluation>): Pick<WinnerFacts, 'loss' | 'accuracy' | 'diverged'> {
  const isSound = (_: number, member: number) => Number.isFinite(loss[member]);
  const sound = loss.filter(isSound);
  return { loss: spreadOf(sound), accuracy: spreadOf(accuracy.filter(isSound)), diverged: SEEDS - sound.length };
}

/** Returns mean and standard deviation (of a sample); undefined for fewer than two values. */
function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const square = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(square) };
}
