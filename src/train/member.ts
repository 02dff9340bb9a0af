import type { Key } from '../random/philox.js';
import { type Seed, seedKey } from '../random/seed.js';

/** One network of those that train side by side. */
export interface Member {
  /** Decides initial weights and dropout masks. */
  readonly seed: Seed;
  readonly key: Key;
  /** Decides the order of the data. */
  readonly shuffleSeed: Seed;
  readonly shuffleKey: Key;
  /** Hyper-parameters by name, as they stand. */
  readonly hyper: Readonly<Record<string, number>>;
}

/** Where a member's training stopped making sense. */
export interface Divergence {
  /** The step after which something was not finite, counted from 0. */
  readonly step: number;
  /** What was not finite: 'loss', or the name of a parameter or of a state of the optimiser. */
  readonly what: string;
}

/** The seeds of a member with the keys that they stand for. @throws naming `place` */
export function seedsOf(where: string, place: string, seed: Seed, shuffleSeed: Seed): Omit<Member, 'hyper'> {
  return {
    seed,
    key: seedKey(where, `${place}seed`, seed),
    shuffleSeed,
    shuffleKey: seedKey(where, `${place}shuffleSeed`, shuffleSeed),
  };
}
