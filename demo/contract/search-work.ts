import type { SearchFacts, SearchPlan } from './protocol.js';

/** Halving lets one network in three go on, after a ninth and after a third of the epochs. */
export const ETA = 3;
/** Networks that test the winner from other seeds: enough to see how much the seed matters. */
export const SEEDS = 5;

/** Networks that train side by side for some epochs. */
interface Round {
  readonly networks: number;
  readonly epochs: number;
}

/** Returns the epochs after which a halving first drops networks. */
export const firstRung = (epochs: number) => Math.max(1, Math.floor(epochs / ETA ** 2));

/** Returns the rounds of a search in which no network diverges. */
export function roundsOf({ l2, dropout, epochs, strategy }: SearchPlan): Round[] {
  let networks = l2.length * dropout.length;
  if (strategy === 'grid') return [{ networks, epochs }];
  const rounds: Round[] = [];
  let done = 0;
  for (let rung = firstRung(epochs); done < epochs; rung *= ETA) {
    const to = Math.min(rung, epochs);
    rounds.push({ networks, epochs: to - done });
    done = to;
    networks = Math.max(1, Math.floor(networks / ETA));
  }
  return rounds;
}

/** The work of a search, in epochs of one network. */
export interface Work {
  /** All of the search itself, and as much of it as is done. */
  readonly search: number;
  readonly done: number;
  /** All of the winner's test, and as much of it as is done. */
  readonly test: number;
  readonly tested: number;
}

/** Returns the work of a plan, of which `facts` may have done some. */
export function workOf(plan: SearchPlan, facts?: Pick<SearchFacts, 'round' | 'epoch' | 'complete' | 'winner'>): Work {
  const rounds = roundsOf(plan);
  const search = sum(rounds);
  const { round = 0, epoch = 0, complete = false, winner } = facts ?? {};
  const done = complete ? search : sum(rounds.slice(0, round)) + epoch * (rounds[round]?.networks ?? 0);
  return { search, done, test: SEEDS * plan.epochs, tested: SEEDS * (winner?.epoch ?? 0) };
}

const sum = (rounds: readonly Round[]) => rounds.reduce((all, { networks, epochs }) => all + networks * epochs, 0);
