import type { SearchFacts, SearchPlan } from './protocol.js';
import type { EpochTime } from './view-facts.js';

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

/** The work of a search, in the unit of the time of an epoch. */
export interface Work {
  /** All of the search itself, and as much of it as is done. */
  readonly search: number;
  readonly done: number;
  /** All of the winner's test, and as much of it as is done. */
  readonly test: number;
  readonly tested: number;
}

/** Returns the work of a plan, of which `facts` may have done some. @param time of an epoch; default: 1 for each network */
export function workOf(
  plan: SearchPlan,
  facts?: Pick<SearchFacts, 'round' | 'epoch' | 'complete' | 'winner'>,
  { fixed, each }: EpochTime = { fixed: 0, each: 1 },
): Work {
  const rounds = roundsOf(plan);
  const timeOf = ({ networks, epochs }: Round) => epochs * (fixed + each * networks);
  const sum = (some: readonly Round[]) => some.reduce((all, round) => all + timeOf(round), 0);
  const search = sum(rounds);
  const { round = 0, epoch = 0, complete = false, winner } = facts ?? {};
  const now = rounds[round];
  const done = complete ? search : sum(rounds.slice(0, round)) + (now ? timeOf({ ...now, epochs: epoch }) : 0);
  const testOf = (epochs: number) => timeOf({ networks: SEEDS, epochs });
  return { search, done, test: testOf(plan.epochs), tested: testOf(winner?.epoch ?? 0) };
}
