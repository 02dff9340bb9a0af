import {
  createPopulation,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  type MemberOptions,
  type Population,
  type PopulationOptions,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { complaint } from './complaint.js';

export const FEATURES = 3;
export const EXAMPLES = 10;
const x = Float32Array.from({ length: EXAMPLES * FEATURES }, (_, i) => Math.sin(i * i));
/** The training data: an epoch is three steps, the last one short. */
export const DATA = dataset({
  x,
  y: Uint32Array.from({ length: EXAMPLES }, (_, i) => (i * i) % 3),
  features: FEATURES,
});
/** The validation data. */
export const OTHER = dataset({ x: x.slice(6, 21), y: Uint32Array.of(2, 1, 0, 1, 2), features: FEATURES, classes: 3 });
export const BATCH = { x: x.slice(0, 12), y: Uint32Array.of(0, 1, 1, 2) };

/** A rate at which the first update overflows. */
export const OVERFLOW = 3e38;

export const smallModel = () => sequential([dense(5), relu(), dropout(0.3), dense(3)]);
export const smallTraining = () => ({
  input: [FEATURES],
  batchSize: 4,
  loss: softmaxCrossEntropy(),
  regularizer: l2(0.01),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
});

/** Members that differ in everything. */
export const FOUR: readonly MemberOptions[] = [
  { seed: 1 },
  { seed: 2, l2: 0, dropout: 0.5 },
  { seed: 2n ** 64n - 1n, learningRate: 0.02 },
  { seed: 1, momentum: 0.1 },
];

export function smallPopulation(engine: Engine, options: Partial<PopulationOptions> = {}): Promise<Population> {
  return createPopulation(engine, smallModel(), { ...smallTraining(), members: FOUR, ...options });
}

/** The network of a member, alone. */
export async function smallTwin(engine: Engine, member: MemberOptions): Promise<Trainer> {
  const { seed = 0, shuffleSeed = 0, ...changes } = member;
  const trainer = await createTrainer(engine, smallModel(), { ...smallTraining(), seed, shuffleSeed });
  trainer.set(changes);
  return trainer;
}

/** Bytes in which so many members have room, and one more has not. */
export async function bytesFor(engine: Engine, members: number): Promise<number> {
  const refused = await complaint(() => smallPopulation(engine, { memory: 1 }));
  const [, total, each] = refused.match(/at least (\d+) bytes, of which one network needs (\d+)/) ?? [];
  return Number(total) + (members - 0.5) * Number(each);
}

export async function all<T>(reports: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const report of reports) list.push(report);
  return list;
}
