import type { EarlyStoppingOptions } from './fit-options.js';
import type { EpochReport, Evaluation, PerMember } from './reports.js';
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
  /** The best score of an epoch so far, smaller being better; undefined before the first. */
  readonly best?: number;
  /** The score of the state that is kept: that of an epoch, or of the state before the first; undefined if none is kept. */
  readonly kept?: number;
  /** True once it has trained an epoch to its end. */
  readonly hasTrained?: boolean;
  /** Epochs since the best score. */
  readonly waited: number;
  /** True if its score was finite when it stopped: a trainer alone would have ended there, whatever happened since. */
  readonly isSound?: boolean;
}

/**
 * Remembers the best state of every member, and tells the members that have not improved for too long. The state before the
 * first epoch is kept until an epoch is better, but does not count for the patience: a network may get worse at first.
 */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>;
  readonly #states: BestStates;
  #progress: Progress[];

  constructor(members: number, options: Required<EarlyStoppingOptions>, states: BestStates) {
    this.#options = options;
    this.#states = states;
    this.#progress = Array.from({ length: members }, () => ({ waited: 0 }));
  }

  /** Notes the scores before the first epoch. */
  async begin({ loss, accuracy = [] }: PerMember<Evaluation>): Promise<void> {
    const scores = this.#scores(loss, accuracy);
    const kept = [...this.#progress.keys()].filter((member) => Number.isFinite(scores[member]));
    for (const member of kept) this.#progress[member] = { waited: 0, kept: scores[member] };
    if (kept.length) await this.#states.save(kept);
  }

  /** Notes the scores of an epoch; returns by member whether it is to stop. */
  async note(report: PerMember<EpochReport>): Promise<boolean[]> {
    const { trainLoss, validationLoss = [], validationAccuracy = [] } = report;
    const { minDelta, patience } = this.#options;
    const scores = this.#scores(validationLoss, validationAccuracy);
    const better: number[] = [];
    this.#progress = this.#progress.map((standing, member) => {
      const { best = Number.POSITIVE_INFINITY, kept = Number.POSITIVE_INFINITY, waited } = standing;
      if (waited >= patience) return standing;
      const score = scores[member];
      const hasTrained = standing.hasTrained || Number.isFinite(trainLoss[member]);
      if (!(score < best - minDelta)) {
        return { ...standing, hasTrained, waited: waited + 1, isSound: Number.isFinite(score) };
      }
      if (!(score < kept - minDelta)) return { ...standing, hasTrained, best: score, waited: 0 };
      better.push(member);
      return { hasTrained, best: score, kept: score, waited: 0 };
    });
    if (better.length) await this.#states.save(better);
    return this.#progress.map(({ waited }) => waited >= patience);
  }

  /** Restores the best state of every member that has trained an epoch. */
  async finish(): Promise<void> {
    const known = [...this.#progress.keys()].filter((member) => {
      const { kept, hasTrained } = this.#progress[member];
      return hasTrained && kept !== undefined;
    });
    const { patience } = this.#options;
    const sound = known.filter((member) => {
      const { waited, isSound } = this.#progress[member];
      return isSound && waited >= patience;
    });
    if (known.length) await this.#states.restore(known, sound);
  }

  /** Returns the measure that must improve, smaller being better. */
  #scores(loss: readonly number[], accuracy: readonly number[]): readonly number[] {
    return this.#options.metric === 'loss' ? loss : accuracy.map((each) => 1 - each);
  }
}
