import type { GpuEngine } from '../../src/gpu/engine.js';
import type { MemberMemory } from '../../src/gpu/measure-memory.js';
import { checkPopulationOptions, measureMembers } from '../../src/train/prepare-members.js';
import { traceTraining } from '../../src/train/trainer-options.js';
import { type Accuracy, accuracyOf, type CheckedProblem, checkedProblems, idleDropout } from './check-parameters.js';
import type { Contender } from './contender.js';
import { flopsOfStep, type Network, nameOf, networkOf, type Problem, problemOf } from './network.js';
import { type PopulationTraining, trainPopulation } from './population-training.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { type Spread, spreadOf, type Timed, timed } from './spread.js';
import { fewOf, oneByOne, type Sweeper, type SweepModel, type SweepTraining, sweepOf } from './sweep.js';
import { modelOf, optionsOf } from './wgrad-contender.js';

/** A sweep in one way of one engine, and the time of a step of all models beside that of wgrad's population. */
export interface SweepRow extends Timed {
  readonly engine: string;
  readonly how: string;
  /** Models that were trained; the time of the others is taken to be the same. */
  readonly trained: number;
  /** The worst one of the models that were held against float64. */
  readonly accuracy: Accuracy;
  /** Steps of a model before each wait. */
  readonly steps?: number;
}

/** wgrad's population with so many members, and its times beside those of one network. */
export interface SweepSize extends Timed {
  readonly members: number;
  readonly dispatches: number;
  /** Its GFLOP/s over those of the large step of one network, round by round. */
  readonly ofLarge: Spread;
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
/** The large solo step: GFLOP/s grow no further beyond it, and its products are the step's whole time. */
const LARGE = networkOf([784, 1024, 1024, 10], { batchSize: 256 });
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
    options.log(`${name}: ${sweeper.engine}, ${sweeper.how}: ${found}`);
    prepared.push(work);
  }
  const entrants = prepared.map(({ training, steps }) => ({ work: training, count: steps }));
  const times = await interleave(name, entrants, options);
  for (const { training } of prepared) training?.dispose();
  const ofAll = prepared.map(({ trained }, i) => times[i]?.map((time) => (time * MODELS) / trained));
  const [ours] = ofAll; // the population
  return prepared.map(({ sweeper: { engine: by, how }, accuracy, trained, steps }, i): SweepRow => {
    const flops = MODELS * flopsOfStep(network);
    return { engine: by, how, trained, accuracy, ...(ofAll[i] && { steps }), ...timed(ofAll[i], flops, ours) };
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

/** Populations of several sizes in turn, and the large step of one network. */
async function sweepSizes(engine: GpuEngine, network: Network, options: SuiteOptions): Promise<SweepSize[]> {
  const [{ problem }] = checkedProblems(network, [{}]);
  const one = [{ seed: 1 }];
  const wanted = SIZES.map((members) => ({
    ...problem,
    network,
    members: sweepOf(members).map((model) => ({ ...model, seed: 1 })),
  }));
  const works: { training: PopulationTraining; milliseconds: number }[] = [];
  for (const { members, ...each } of [...wanted, { ...problemOf(LARGE), members: one }]) {
    const training = await trainPopulation(engine, each, members);
    works.push({ training, milliseconds: await warmUp(training, 2) });
  }
  const entrants = works.map(({ training, milliseconds }) => ({
    work: training,
    count: countFor([milliseconds], { least: 200, most: 2000, fewest: 2 }),
  }));
  const times = await interleave(`populations of ${nameOf(network)}`, entrants, options);
  for (const { training } of works) training.dispose();
  const large = (times.at(-1) ?? []).map((time) => flopsOfStep(LARGE) / time);
  return SIZES.map((members, i) => {
    const flops = members * flopsOfStep(network);
    const ofLarge = spreadOf((times[i] ?? []).map((time, round) => flops / time / large[round]));
    return { members, dispatches: works[i].training.dispatches, ofLarge, ...timed(times[i], flops, times[0]) };
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
