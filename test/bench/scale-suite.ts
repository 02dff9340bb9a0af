import type { GpuEngine } from '../../src/gpu/engine.js';
import { accuracyOf, checkedProblem } from './check-parameters.js';
import { flopsOfStep, type Network, networkOf, type Problem } from './network.js';
import { membersOf, type PopulationTraining, trainPopulation } from './population-training.js';
import { interleave, type SuiteOptions, warmUp } from './rounds.js';
import { type Spread, spreadOf } from './spread.js';

/** The dimensions that are swept, one at a time around a point in the middle. */
export const SWEEPS = {
  batch: [1, 4, 16, 64, 256, 1024, 4096],
  width: [16, 64, 256, 1024, 4096],
  depth: [1, 2, 4, 8, 16],
  population: [1, 4, 16, 64, 256],
} as const;
export type Dimension = keyof typeof SWEEPS;

/** One point of a sweep. */
export interface ScaleRow {
  readonly value: number;
  /** Reason why there is no figure. */
  readonly skipped?: string;
  /** Held against float64, or too large for that; a wrong point has no figure. */
  readonly checked?: boolean;
  readonly dispatches?: number;
  readonly milliseconds?: Spread;
  readonly gflops?: number;
  /** A step's time over its dispatches. */
  readonly microsecondsADispatch?: number;
  /** GFLOP/s fall although there is more to do. */
  readonly cliff?: boolean;
}

export interface ScaleTable {
  readonly dimension: Dimension;
  readonly rows: readonly ScaleRow[];
}

export interface ScaleOptions extends SuiteOptions {
  /** A point whose runs would take longer altogether is left out. */
  readonly seconds: number;
}

/** 256 features, hidden layers of ReLU and dropout, 10 classes. */
const MIDDLE: Readonly<Record<Dimension, number>> = { batch: 64, width: 256, depth: 2, population: 1 };
const FEATURES = 256;
const CLASSES = 10;
/** Flops of the three steps and of as many in float64 that a processor does in a few seconds. */
const CHECKED_FLOPS = 2e9;
/** GFLOP/s below this share of the point before, with times that do not overlap, are a cliff and not noise. */
const CLIFF = 0.8;

function pointOf(dimension: Dimension, value: number): { network: Network; members: number } {
  const point: Record<Dimension, number> = { ...MIDDLE };
  point[dimension] = value;
  const { batch, width, depth, population } = point;
  const hidden = Array.from({ length: depth }, () => width);
  return { network: networkOf([FEATURES, ...hidden, CLASSES], { batchSize: batch }), members: population };
}

/** Sweeps every dimension. */
export async function scaleSuite(engine: GpuEngine, options: ScaleOptions): Promise<ScaleTable[]> {
  const tables: ScaleTable[] = [];
  for (const dimension of Object.keys(SWEEPS) as Dimension[]) {
    tables.push({ dimension, rows: await sweep(engine, dimension, options) });
  }
  return tables;
}

interface Point {
  readonly value: number;
  readonly flops: number;
  readonly training: PopulationTraining;
  readonly milliseconds: number;
  readonly checked: boolean;
}

/** Points in ascending order, so that each one's time can be guessed from the one before. */
async function sweep(engine: GpuEngine, dimension: Dimension, options: ScaleOptions): Promise<ScaleRow[]> {
  const { rounds, seconds, log } = options;
  const points: Point[] = [];
  const skipped = new Map<number, string>();
  for (const value of SWEEPS[dimension]) {
    const { network, members } = pointOf(dimension, value);
    const flops = members * flopsOfStep(network);
    const before = points.at(-1);
    // Eight steps before the rounds, and at least one in each.
    const guess = before ? ((before.milliseconds * flops) / before.flops / 1000) * (rounds + 9) : 0;
    if (guess > seconds) {
      skipped.set(value, `left out: it would take ${guess.toFixed(0)} s`);
      continue;
    }
    try {
      const checkable = flops <= CHECKED_FLOPS / 3;
      const wrong = checkable ? await faultOf(engine, network, members) : undefined;
      if (wrong !== undefined) {
        skipped.set(value, `WRONG: ${wrong}`);
        continue;
      }
      const training = await trainPopulation(engine, randomProblem(network), membersOf(members));
      points.push({ value, flops, training, checked: checkable, milliseconds: await warmUp(training, 3) });
      log(`scale: ${dimension} ${value}`);
    } catch (error) {
      skipped.set(value, error instanceof Error ? error.message : String(error));
    }
  }
  const entrants = points.map(({ training, milliseconds }) => ({
    work: training,
    count: Math.max(1, Math.min(256, Math.ceil(100 / milliseconds))),
  }));
  const times = await interleave(entrants, rounds, (round) => log(`scale: ${dimension}, round ${round} of ${rounds}`));
  for (const { training } of points) training.dispose();
  const rows = SWEEPS[dimension].map((value): ScaleRow => {
    const at = points.findIndex((point) => point.value === value);
    if (at < 0) return { value, skipped: skipped.get(value) ?? 'not run' };
    const { flops, training, checked } = points[at];
    const milliseconds = spreadOf(times[at]);
    return {
      value,
      checked,
      dispatches: training.dispatches,
      milliseconds,
      gflops: flops / milliseconds.median / 1e6,
      microsecondsADispatch: (1000 * milliseconds.median) / training.dispatches,
    };
  });
  return markCliffs(rows, (value) => points.find((point) => point.value === value)?.flops ?? 0);
}

/** Marks the points whose best time is slower, for the work there is, than the worst time of the point before. */
export function markCliffs(rows: readonly ScaleRow[], flopsOf: (value: number) => number): ScaleRow[] {
  let before: ScaleRow | undefined;
  return rows.map((row) => {
    if (!row.milliseconds || row.gflops === undefined) return row;
    const last = before;
    before = row;
    if (!last?.milliseconds || last.gflops === undefined) return row;
    const most = flopsOf(row.value) / row.milliseconds.min;
    const least = flopsOf(last.value) / last.milliseconds.max;
    return { ...row, cliff: row.gflops < CLIFF * last.gflops && most < least };
  });
}

/** A batch for a network that starts from its own weights. */
function randomProblem(network: Network): Problem {
  const { batchSize, sizes } = network;
  const x = Float32Array.from({ length: batchSize * sizes[0] }, (_, i) => Math.sin(i * i + 1));
  const labels = Uint32Array.from({ length: batchSize }, (_, i) => i % sizes[sizes.length - 1]);
  return { network, x, labels, oneHot: new Float32Array(0), start: [] };
}

async function faultOf(engine: GpuEngine, network: Network, members: number): Promise<string | undefined> {
  const checked = checkedProblem(network);
  const training = await trainPopulation(engine, checked.problem, membersOf(members));
  try {
    await training.run(checked.steps);
    return accuracyOf(checked, await training.parameters(members - 1)).wrong;
  } finally {
    training.dispose();
  }
}
