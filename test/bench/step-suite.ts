import { type Accuracy, accuracyOf, type CheckedProblem, checkedProblem, idleDropout } from './check-parameters.js';
import { type Contender, FEEDS, type Feed, type Training } from './contender.js';
import { CallCounter, type Calls, callsOfStep, NONE } from './count-calls.js';
import { bytesText, countOf, fasterText, figure, timeText } from './figures.js';
import { flopsOfStep, type Network, nameOf, type Problem } from './network.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { type Timed, timed } from './spread.js';
import type { Table } from './table.js';

/** One engine's steps, and their times beside wgrad's. */
export interface StepRow extends Timed {
  readonly engine: string;
  readonly accuracy: Accuracy;
  /** Calls of one more step. */
  readonly calls: Calls;
  /** Different pipelines that steps use. */
  readonly pipelines: number;
}

/** All engines on one network. */
export interface StepTable {
  readonly network: Network;
  readonly feed: Feed;
  readonly rounds: number;
  /** Steps that were queued before each wait. */
  readonly stepsARound: number;
  readonly rows: readonly StepRow[];
}

/** Steps over which calls are counted. */
const COUNTED = 8;

/** Trains a network on all engines, in both ways of feeding it. */
export async function stepSuite(
  contenders: readonly Contender[],
  network: Network,
  options: SuiteOptions,
): Promise<StepTable[]> {
  const checked = checkedProblem(network);
  const problem: Problem = { ...checked.problem, network };
  const faults = new Map<Contender, string | undefined>();
  for (const each of contenders) {
    options.log(`${nameOf(network)}: ${each.name} against float64`);
    faults.set(each, await each.dropoutFault(problem).catch((error) => `dropout: ${String(error)}`));
  }
  const tables: StepTable[] = [];
  for (const feed of FEEDS) {
    const counter = new CallCounter();
    const prepared: Prepared[] = [];
    try {
      for (const contender of contenders) {
        const made = await attempt(contender, async () => {
          const accuracy = await check(contender, feed, checked, faults.get(contender));
          return prepare(contender, feed, { checked, problem, accuracy, counter });
        });
        options.log(`${nameOf(network)}, ${feed}: ${contender.name} ${describe(made.accuracy)}`);
        prepared.push(made);
      }
    } finally {
      counter.stop();
    }
    tables.push(await time(prepared, { network, feed, ...options }));
    for (const { training } of prepared) training?.dispose();
  }
  return tables;
}

const describe = ({ error, limit, wrong }: Accuracy) =>
  wrong === undefined
    ? `is off by ${error.toExponential(1)} of at most ${limit.toExponential(1)}`
    : `is wrong: ${wrong}`;

/** Takes the first steps without dropout and compares. */
async function check(
  contender: Contender,
  feed: Feed,
  checked: CheckedProblem,
  fault: string | undefined,
): Promise<Accuracy> {
  const training = await contender.train(checked.problem, feed);
  try {
    await training.run(checked.steps);
    const accuracy = accuracyOf(checked, await training.parameters());
    return fault === undefined || accuracy.wrong ? accuracy : { ...accuracy, wrong: fault };
  } finally {
    training.dispose();
  }
}

interface Prepared extends Pick<StepRow, 'accuracy' | 'calls' | 'pipelines'> {
  readonly contender: Contender;
  /** Undefined if it failed. */
  readonly training?: Training;
  readonly milliseconds: number;
}

interface Preparation {
  readonly checked: CheckedProblem;
  readonly problem: Problem;
  readonly accuracy: Accuracy;
  readonly counter: CallCounter;
}

/** Returns what `run` prepares. An engine that throws counts as wrong and does not end the run. */
async function attempt(contender: Contender, run: () => Promise<Prepared>): Promise<Prepared> {
  try {
    return await run();
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    const accuracy = { error: Number.NaN, limit: Number.NaN, wrong };
    return { contender, accuracy, calls: NONE, pipelines: 0, milliseconds: 0 };
  }
}

/** Makes the training that is timed, sees that its dropout does something, counts its calls and warms it up. */
async function prepare(
  contender: Contender,
  feed: Feed,
  { checked, problem, counter, ...found }: Preparation,
): Promise<Prepared> {
  const training = await contender.train(problem, feed);
  await training.run(checked.steps);
  const idle = problem.network.dropout > 0 ? idleDropout(checked, await training.parameters()) : undefined;
  const accuracy = idle === undefined ? found.accuracy : { ...found.accuracy, wrong: idle };
  const milliseconds = await warmUp(training);
  await training.run(2 * COUNTED); // engines that keep buffers for later have made them by now
  const few = await counter.during(() => training.run(COUNTED));
  const many = await counter.during(() => training.run(2 * COUNTED));
  const calls = callsOfStep(few, many, COUNTED);
  return { contender, training, accuracy, calls, pipelines: counter.pipelines, milliseconds };
}

async function time(
  prepared: readonly Prepared[],
  { network, feed, ...options }: SuiteOptions & Pick<StepTable, 'network' | 'feed'>,
): Promise<StepTable> {
  const right = prepared.filter(({ training, accuracy }) => training && accuracy.wrong === undefined);
  const count = countFor(
    right.map(({ milliseconds }) => milliseconds),
    { least: 250, most: 2500 },
  );
  const entrants = prepared.map((each) => ({ work: right.includes(each) ? each.training : undefined, count }));
  const times = await interleave(`${nameOf(network)}, ${feed}, ${count} steps each`, entrants, options);
  const ours = times[prepared.findIndex(({ contender }) => contender.name === 'wgrad')];
  const rows = prepared.map(({ contender, accuracy, calls, pipelines }, i): StepRow => {
    return { engine: contender.name, accuracy, calls, pipelines, ...timed(times[i], flopsOfStep(network), ours) };
  });
  return { network, feed, rounds: options.rounds, stepsARound: count, rows };
}

const FEED = {
  resident: 'batch on the device',
  uploaded: 'batch uploaded at every step',
} as const;

/** A training step on every engine: times, ratios, and what WebGPU was asked for. */
export function stepTables({ network, feed, rounds, stepsARound, rows }: StepTable): Table[] {
  const title = `${nameOf(network)}, batch ${network.batchSize}, ${FEED[feed]}`;
  const usesGpu = ({ calls }: StepRow) => calls.dispatches > 0;
  return [
    {
      title: `Step of ${title}`,
      head: ['engine', 'wgrad is faster by', 'ms a step, min / median / max', 'GFLOP/s', 'error'],
      rows: rows.map(({ engine, accuracy, ...times }) => [
        engine,
        fasterText(engine === 'wgrad', times),
        timeText(times, accuracy.wrong),
        figure(times.gflops),
        accuracy.error.toExponential(1),
      ]),
      notes: [
        `${rounds} rounds, engines in turn, ${stepsARound} steps queued before each wait. ` +
          `Error: of parameters after 3 steps without dropout, against float64, in units of their change; ` +
          `at most ${rows[0]?.accuracy.limit.toExponential(1)}.`,
      ],
    },
    {
      title: `Calls a step of ${title}`,
      head: ['engine', 'dispatches', 'submits', 'passes', 'bind groups', 'buffers', 'bytes bound', 'pipelines'],
      rows: rows
        .filter(usesGpu)
        .map(({ engine, calls, pipelines }) => [
          engine,
          ...[calls.dispatches, calls.submits, calls.passes, calls.bindGroups, calls.buffers].map(countOf),
          bytesText(calls.bytesBound),
          countOf(pipelines),
        ]),
      notes: [
        'Of one step more in a queue of steps; bind groups and buffers are those made anew, pipelines those in use.',
      ],
    },
  ];
}
