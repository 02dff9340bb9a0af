import type { EarlyStoppingOptions } from './early-stopping-options.js';
import type { EpochReport, PerMember } from './reports.js';
import type { Session } from './session.js';

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
