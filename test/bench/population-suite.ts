import type { GpuEngine } from '../../src/gpu/engine.js';
import { type Accuracy, accuracyOf, type CheckedProblem, checkedProblem } from './check-parameters.js';
import { flopsOfStep, type Network, nameOf, networkOf } from './network.js';
import { membersOf, type PopulationTraining, trainPopulation } from './population-training.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { ratioOf, type Spread, spreadOf } from './spread.js';

/** Networks side by side. */
export interface PopulationRow {
  readonly network: Network;
  readonly members: number;
  readonly dispatches: number;
  /** The worse one of the first and the last member's. */
  readonly accuracy: Accuracy;
  readonly milliseconds?: Spread;
  readonly gflops?: number;
  /** Its time over that of one network of the kind. */
  readonly besideOne?: Spread;
  /** Its GFLOP/s over those of the large solo step. */
  readonly ofLarge?: Spread;
}

const SMALL = networkOf([784, 32, 10]);
const MEMBERS = [1, 4, 16, 64];
/** The large solo step: GFLOP/s grow no further beyond it (suite `scale`), and its products are the step's whole time. */
const LARGE = networkOf([784, 1024, 1024, 10], { batchSize: 256 });

/** A population in the dispatches of one network, beside one and beside the best large step of one network. */
export async function populationSuite(engine: GpuEngine, options: SuiteOptions): Promise<PopulationRow[]> {
  const wanted = [...MEMBERS.map((members) => ({ network: SMALL, members })), { network: LARGE, members: 1 }];
  const checked = new Map([SMALL, LARGE].map((network) => [network, checkedProblem(network)]));
  const prepared: Prepared[] = [];
  for (const { network, members } of wanted) {
    const one = await prepare(engine, network, members, checked.get(network) ?? checkedProblem(network));
    options.log(`population ${members} of ${nameOf(network)}: off by ${one.accuracy.error.toExponential(1)}`);
    prepared.push(one);
  }
  const right = prepared.filter(({ accuracy }) => accuracy.wrong === undefined);
  const entrants = right.map(({ training, milliseconds }) => ({
    work: training,
    count: countFor([milliseconds], { least: 200, most: 2000, fewest: 3 }),
  }));
  const times = await interleave(entrants, options.rounds, (round) =>
    options.log(`population: round ${round} of ${options.rounds}`),
  );
  for (const { training } of prepared) training.dispose();
  const timesOf = (network: Network, members: number) =>
    times[right.findIndex((each) => each.network === network && each.members === members)];
  const one = timesOf(SMALL, 1);
  const large = timesOf(LARGE, 1);
  return prepared.map(({ network, members, accuracy, training: { dispatches } }): PopulationRow => {
    const row = { network, members, dispatches, accuracy };
    const own = timesOf(network, members);
    if (!own) return row;
    const flops = members * flopsOfStep(network);
    const milliseconds = spreadOf(own);
    return {
      ...row,
      milliseconds,
      gflops: flops / milliseconds.median / 1e6,
      ...(one && network === SMALL && { besideOne: ratioOf(own, one) }),
      ...(large && {
        ofLarge: spreadOf(own.map((time, round) => flops / time / (flopsOfStep(LARGE) / large[round]))),
      }),
    };
  });
}

interface Prepared extends Pick<PopulationRow, 'network' | 'members' | 'accuracy'> {
  readonly training: PopulationTraining;
  readonly milliseconds: number;
}

async function prepare(
  engine: GpuEngine,
  network: Network,
  members: number,
  checked: CheckedProblem,
): Promise<Prepared> {
  const still = await trainPopulation(engine, checked.problem, membersOf(members));
  await still.run(checked.steps);
  const found = [];
  for (const member of new Set([0, members - 1])) found.push(accuracyOf(checked, await still.parameters(member)));
  still.dispose();
  const accuracy = found.reduce((a, b) => (a.wrong === undefined && (b.wrong || b.error > a.error) ? b : a));
  const training = await trainPopulation(engine, { ...checked.problem, network }, membersOf(members));
  return { network, members, accuracy, training, milliseconds: await warmUp(training, 3) };
}
