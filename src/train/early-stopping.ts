import type { EarlyStoppingOptions } from './fit-options.js';
import type { EpochReport, PerMember } from './reports.js';
import type { Session } from './session.js';

/** Keeps copies of members' states. */
export interface BestStates {
  save(members: readonly number[]): Promise<void>;
  /** Puts back the states of members; clears the divergence of those in `sound`. */
  restore(members: readonly number[], sound?: readonly number[]): Promise<void>;
}

/** Returns copies that stay where the states are. */
export async function bestStatesOf(session: Session): Promise<BestStates> {
  const snapshot = await session.best();
  return {
    save: async (members) => snapshot.save(members),
    restore: async (members, sound = []) => {
      snapshot.restore(members);
      session.ledger.clearDivergence(sound);
      session.ledger.keep();
      await session.settle();
    },
  };
}

/** The progress of one member. */
export interface Progress {
  /** The best score so far, smaller being better; undefined before the first. */
  readonly best?: number;
  /** Epochs since the best score. */
  readonly waited: number;
  /** True if its score was finite when it stopped: a trainer alone would have ended there, whatever happened since. */
  readonly isSound?: boolean;
}

/** Remembers the best state of every member, and tells the members that have not improved for too long. */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>;
  readonly #states: BestStates;
  #progress: Progress[];

  constructor(members: number, options: Required<EarlyStoppingOptions>, states: BestStates) {
    this.#options = options;
    this.#states = states;
    this.#progress = Array.from({ length: members }, () => ({ waited: 0 }));
  }

  /** Notes the scores of an epoch; returns by member whether it is to stop. */
  async note({ validationLoss = [], validationAccuracy = [] }: PerMember<EpochReport>): Promise<boolean[]> {
    const { metric, minDelta, patience } = this.#options;
    const scores = metric === 'loss' ? validationLoss : validationAccuracy.map((accuracy) => 1 - accuracy);
    const better: number[] = [];
    this.#progress = this.#progress.map((standing, member) => {
      const { best = Number.POSITIVE_INFINITY, waited } = standing;
      if (waited >= patience) return standing;
      if (!(scores[member] < best - minDelta)) {
        return { ...standing, waited: waited + 1, isSound: Number.isFinite(scores[member]) };
      }
      better.push(member);
      return { best: scores[member], waited: 0 };
    });
    if (better.length) await this.#states.save(better);
    return this.#progress.map(({ waited }) => waited >= patience);
  }

  /** Restores the best state of every member that has one. */
  async finish(): Promise<void> {
    const known = [...this.#progress.keys()].filter((member) => this.#progress[member].best !== undefined);
    const { patience } = this.#options;
    const sound = known.filter((member) => {
      const { waited, isSound } = this.#progress[member];
      return isSound && waited >= patience;
    });
    if (known.length) await this.#states.restore(known, sound);
  }
}
