import type { GpuEngine } from '../../src/gpu/engine.js';
import type { MemberMemory } from '../../src/gpu/measure-memory.js';
import { checkPopulationOptions, measureMembers } from '../../src/train/prepare-members.js';
import { traceTraining } from '../../src/train/trainer-options.js';
import { type Accuracy, accuracyOf, type CheckedProblem, checkedProblems, idleDropout } from './check-parameters.js';
import type { Contender } from './contender.js';
import { flopsOfStep, type Network, nameOf, networkOf, type Problem } from './network.js';
import { trainPopulation } from './population-training.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { ratioOf, type Spread, spreadOf } from './spread.js';
import { fewOf, oneByOne, type Sweeper, type SweepModel, type SweepTraining, sweepOf } from './sweep.js';
import { modelOf, optionsOf } from './wgrad-contender.js';

/** A sweep in one way of one engine. */
export interface SweepRow {
  readonly engine: string;
  readonly how: string;
  /** Models that were trained; the time of the others is taken to be the same. */
  readonly trained: number;
  /** The worst one of the models that were held against float64. */
  readonly accuracy: Accuracy;
  /** Time of a step of all models; undefined for an engine that is wrong. */
  readonly milliseconds?: Spread;
  /** Its time over that of wgrad's population, round by round. */
  readonly ratio?: Spread;
  readonly gflops?: number;
  /** Steps of a model before each wait. */
  readonly steps?: number;
}

/** wgrad's population with so many members. */
export interface SweepSize {
  readonly members: number;
  readonly milliseconds: Spread;
  readonly gflops: number;
  /** Its time over that of one network, round by round. */
  readonly besideOne: Spread;
}

/** A sweep of one network. */
export interface SweepTable {
  readonly network: Network;
  readonly models: number;
  /** Number of models that were compared with float64. */
  readonly checked: number;
  readonly rounds: number;
  readonly rows: readonly SweepRow[];
  readonly sizes: readonly SweepSize[];
  /** Memory that wgrad needs for a member, and the largest number of members. */
  readonly memory: MemberMemory;
}

const NETWORKS = [networkOf([784, 32, 10]), networkOf([784, 128, 10])];
const MODELS = 64;
/**
 * Models that are trained of a rival that trains one by one, and models of any engine that are compared with float64.
 */
const FEW = 4;
const SIZES = [1, 4, 16, 64, 256];
/**
 * Steps of a model before a wait, and how many milliseconds of steps there may be before one, whatever comes of that.
 */
const STEPS = 8;
const MOST = 3000;

/** Trains 64 models of each network on all engines, and populations of other sizes on wgrad. */
export async function sweepSuite(
  engine: GpuEngine,
  contenders: readonly Contender[],
  options: SuiteOptions,
): Promise<SweepTable[]> {
  const tables: SweepTable[] = [];
  for (const network of NETWORKS) {
    const rows = await sweepRows(engine, contenders, network, options);
    const sizes = await sweepSizes(engine, network, options);
    const memory = memoryOf(engine, network);
    tables.push({ network, models: MODELS, checked: FEW, rounds: options.rounds, rows, sizes, memory });
  }
  return tables;
}

/** Side by side, and how others train: the population first, since all are held beside it. */
function sweepersOf(engine: GpuEngine, contenders: readonly Contender[]): Sweeper[] {
  const population: Sweeper = {
    engine: 'wgrad',
    how: 'population',
    oneByOne: false,
    start: (problem, models) =>
      trainPopulation(
        engine,
        problem,
        models.map((model) => ({ ...model, seed: 1 })),
      ),
  };
  return [population, ...contenders.flatMap((each) => each.sweepers ?? [oneByOne(each)])];
}

async function sweepRows(
  engine: GpuEngine,
  contenders: readonly Contender[],
  network: Network,
  options: SuiteOptions,
): Promise<SweepRow[]> {
  const { rounds, log } = options;
  const name = `sweep of ${nameOf(network)}`;
  const models = sweepOf(MODELS);
  const few = fewOf(MODELS, FEW);
  const checked = checkedProblems(
    network,
    few.map((i) => models[i]),
  );
  const prepared: Prepared[] = [];
  for (const sweeper of sweepersOf(engine, contenders)) {
    // wgrad's own trainers are all trained: nothing is left to be believed.
    const places = sweeper.oneByOne && sweeper.engine !== 'wgrad' ? few : [...models.keys()];
    const work = await prepare(sweeper, { network, models, places, few, checked });
    const { accuracy, milliseconds } = work;
    const found = accuracy.wrong ?? `off by ${accuracy.error.toExponential(1)}, ${milliseconds.toFixed(1)} ms a step`;
    log(`${name}: ${sweeper.engine}, ${sweeper.how}: ${found}`);
    prepared.push(work);
  }
  const right = prepared.flatMap(({ training, ...rest }) => (training ? [{ training, ...rest }] : []));
  const entrants = right.map(({ training, steps }) => ({ work: training, count: steps }));
  const times = await interleave(entrants, rounds, (round) => log(`${name}: round ${round} of ${rounds}`));
  for (const { training } of right) training.dispose();
  const ofAll = right.map(({ trained }, i) => times[i].map((time) => (time * MODELS) / trained));
  const ours = ofAll[right.findIndex(({ sweeper }) => sweeper.how === 'population')];
  return prepared.map(({ sweeper: { engine: by, how }, accuracy, trained, steps }): SweepRow => {
    const row = { engine: by, how, trained, accuracy };
    const at = right.findIndex((each) => each.sweeper.engine === by && each.sweeper.how === how);
    if (at < 0) return row;
    const milliseconds = spreadOf(ofAll[at]);
    const gflops = (MODELS * flopsOfStep(network)) / milliseconds.median / 1e6;
    return { ...row, steps, milliseconds, gflops, ...(ours && { ratio: ratioOf(ofAll[at], ours) }) };
  });
}

interface Prepared extends Pick<SweepRow, 'accuracy' | 'trained'> {
  readonly sweeper: Sweeper;
  /** Undefined if it is wrong. */
  readonly training?: SweepTraining;
  /** Time of a step of the trained models. */
  readonly milliseconds: number;
  readonly steps: number;
}

interface Preparation {
  readonly network: Network;
  readonly models: readonly SweepModel[];
  /** Indices of the trained models. */
  readonly places: readonly number[];
  /** Indices of those among them that are compared with float64. */
  readonly few: readonly number[];
  readonly checked: readonly CheckedProblem[];
}

/**
 * Holds models against float64 without dropout, then makes the training that is timed and sees that its dropout does
 * something.
 */
async function prepare(sweeper: Sweeper, { network, models, places, few, checked }: Preparation): Promise<Prepared> {
  const problem: Problem = { ...checked[0].problem, network };
  const own = places.map((i) => models[i]);
  const trained = own.length;
  const each = async (
    training: SweepTraining,
    judge: (one: CheckedProblem, found: ArrayLike<number>[]) => Accuracy,
  ) => {
    await training.run(checked[0].steps);
    const all: Accuracy[] = [];
    for (const [i, place] of few.entries()) {
      all.push(judge(checked[i], await training.parameters(places.indexOf(place))));
    }
    return all.reduce(worse);
  };
  try {
    const still = await sweeper.start(
      problem,
      own.map((model) => ({ ...model, dropout: 0 })),
    );
    const accuracy = await each(still, accuracyOf);
    still.dispose();
    const training = await sweeper.start(problem, own);
    const dropped = await each(training, (one, found) => {
      const wrong = idleDropout(one, found);
      return wrong === undefined ? accuracy : { ...accuracy, wrong };
    });
    const started = performance.now();
    await training.run(1); // warm: the checked steps were run
    const milliseconds = performance.now() - started;
    const steps = Math.max(1, Math.min(STEPS, Math.floor(MOST / milliseconds)));
    if (dropped.wrong === undefined) return { sweeper, trained, accuracy, training, milliseconds, steps };
    training.dispose();
    return { sweeper, trained, accuracy: dropped, milliseconds, steps };
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    const accuracy = { error: Number.NaN, limit: Number.NaN, wrong };
    return { sweeper, trained, accuracy, milliseconds: 0, steps: 0 };
  }
}

/** The one of two that is wrong, or further off. */
const worse = (a: Accuracy, b: Accuracy): Accuracy =>
  a.wrong === undefined && (b.wrong !== undefined || b.error > a.error) ? b : a;

/** Populations of several sizes, in turn. */
async function sweepSizes(engine: GpuEngine, network: Network, { rounds, log }: SuiteOptions): Promise<SweepSize[]> {
  const [{ problem }] = checkedProblems(network, [{}]);
  const works: { training: SweepTraining; milliseconds: number }[] = [];
  for (const members of SIZES) {
    const all = sweepOf(members).map((model) => ({ ...model, seed: 1 }));
    const training = await trainPopulation(engine, { ...problem, network }, all);
    works.push({ training, milliseconds: await warmUp(training, 2) });
  }
  const entrants = works.map(({ training, milliseconds }) => ({
    work: training,
    count: countFor([milliseconds], { least: 200, most: 2000, fewest: 2 }),
  }));
  const times = await interleave(entrants, rounds, (round) =>
    log(`populations of ${nameOf(network)}: round ${round} of ${rounds}`),
  );
  for (const { training } of works) training.dispose();
  return SIZES.map((members, i) => {
    const milliseconds = spreadOf(times[i]);
    const gflops = (members * flopsOfStep(network)) / milliseconds.median / 1e6;
    return { members, milliseconds, gflops, besideOne: ratioOf(times[i], times[0]) };
  });
}

/** Returns the memory of a member, as `createPopulation` counts it. */
function memoryOf(engine: GpuEngine, network: Network): MemberMemory {
  const { seed: _, ...training } = optionsOf(network);
  const model = modelOf(network);
  const { batchSize, sizes } = network;
  const options = { ...training, input: [sizes[0]], batchSize, members: [{}] };
  const checked = checkPopulationOptions('bench', model, options);
  return measureMembers(engine, traceTraining('bench', model, checked.training), false);
}
