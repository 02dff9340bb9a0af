import { checkChoice, checkNumber, checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import type { EpochReport, PerMember } from './reports.js';
import type { Session } from './session.js';

/** When to stop, for `fit`: the best weights come back at the end. */
export interface EarlyStoppingOptions {
  /** Epochs without anything better after which training stops; at least 1. */
  patience: number;
  /** What must become better on the validation set. Default 'loss'. */
  metric?: 'loss' | 'accuracy';
  /** By how much it must be better than the best so far. Default 0. */
  minDelta?: number;
}

/** Returns the options, checked. @throws TypeError or RangeError naming what is wrong */
export function checkEarlyStopping(where: string, options: EarlyStoppingOptions): Required<EarlyStoppingOptions> {
  const place = `${where}: earlyStopping`;
  checkOptions(place, options, ['patience', 'metric', 'minDelta']);
  const { patience, metric = 'loss', minDelta = 0 } = options;
  checkPositiveInteger(place, 'patience', patience);
  checkChoice(place, 'metric', metric, ['loss', 'accuracy']);
  checkNumber(place, 'minDelta', minDelta, { min: 0 });
  return { patience, metric, minDelta };
}

/** Keeps copies of members' states. */
export interface BestStates {
  save(members: readonly number[]): Promise<void>;
  /** Of `sound` nothing counts any more that was not finite since they were saved. */
  restore(members: readonly number[], sound?: readonly number[]): Promise<void>;
}

/** Copies where the states are. */
export async function bestStatesOf(session: Session): Promise<BestStates> {
  const snapshot = await session.best();
  return {
    save: async (members) => snapshot.save(members),
    restore: async (members, sound = []) => {
      snapshot.restore(members);
      session.executor.keep();
      session.diverged = session.diverged.map((each, member) => (sound.includes(member) ? undefined : each));
      await session.settle();
    },
  };
}

/** How one member does. */
export interface Standing {
  /** The best score so far, smaller being better; undefined before the first. */
  readonly best?: number;
  /** Epochs since. */
  readonly waited: number;
  /** Its score was a number when it stopped: alone, it would have ended there, whatever has become of it since. */
  readonly isSound?: boolean;
}

/** Remembers the best state of every member, and says who has had no better one for too long. */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>;
  readonly #states: BestStates;
  #standings: Standing[];

  constructor(members: number, options: Required<EarlyStoppingOptions>, states: BestStates) {
    this.#options = options;
    this.#states = states;
    this.#standings = Array.from({ length: members }, () => ({ waited: 0 }));
  }

  /** Notes what an epoch has brought; returns who is to stop. */
  async note({ validationLoss = [], validationAccuracy = [] }: PerMember<EpochReport>): Promise<boolean[]> {
    const { metric, minDelta, patience } = this.#options;
    const scores = metric === 'loss' ? validationLoss : validationAccuracy.map((accuracy) => 1 - accuracy);
    const better: number[] = [];
    this.#standings = this.#standings.map((standing, member) => {
      const { best = Number.POSITIVE_INFINITY, waited } = standing;
      if (waited >= patience) return standing;
      if (!(scores[member] < best - minDelta)) {
        return { ...standing, waited: waited + 1, isSound: Number.isFinite(scores[member]) };
      }
      better.push(member);
      return { best: scores[member], waited: 0 };
    });
    if (better.length) await this.#states.save(better);
    return this.#standings.map(({ waited }) => waited >= patience);
  }

  /** Puts the best state of every member back that has one. */
  async finish(): Promise<void> {
    const known = [...this.#standings.keys()].filter((member) => this.#standings[member].best !== undefined);
    const { patience } = this.#options;
    const sound = known.filter((member) => {
      const { waited, isSound } = this.#standings[member];
      return isSound && waited >= patience;
    });
    if (known.length) await this.#states.restore(known, sound);
  }
}
