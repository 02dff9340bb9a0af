import { count, short } from '../../../src/cli/terminal/numbers.js';
import type { Terminal } from '../../../src/cli/terminal/terminal.js';
import { Progress } from '../../../src/cli/train/progress.js';
import {
  cosineDecay,
  createPopulation,
  type Dataset,
  type Divergence,
  dense,
  dropout,
  type Engine,
  EngineError,
  l1,
  l2,
  type Model,
  maxNorm,
  type Population,
  penalties,
  type Regularizer,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  take,
} from '../../../src/index.js';
import { klSparsity } from './kl-sparsity.js';
import { hiddenUnits, type Plan } from './plan.js';
import { CHOICE, PAPER, type PaperRow } from './srivastava-2014.js';

/** The result of one row of the paper's tables. */
export interface RowRun {
  readonly row: PaperRow;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  /** The test error in percent, by seed; null for a network that diverged. */
  readonly errors: readonly (number | null)[];
  /** The step at which each seed stopped being finite; null if it did not. */
  readonly diverged: readonly (Divergence | null)[];
  /** Time of the training; the test is not counted. */
  readonly seconds: number;
}

/** MNIST. */
export interface Images {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** The options that every row is trained with. */
export interface RunParts {
  readonly engine: Engine;
  readonly images: Images;
  readonly plan: Plan;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** The time between two signs of life of a long training that nobody watches. */
const SILENT_MILLISECONDS = 60_000;

/**
 * Trains the network of a row from every seed of the plan and measures each on the test images.
 * @throws EngineError: `aborted` when the signal is, `limit` or `memory` if so many networks do not fit the GPU
 */
export async function runRow(row: PaperRow, parts: RunParts): Promise<RowRun> {
  const { engine, images, plan } = parts;
  const hidden = hiddenUnits(row, plan);
  const model = networkOf(row, hidden, images.test);
  using population = await openPopulation(engine, model, row, plan, images.test.features);
  const started = performance.now();
  await train(population, row, parts);
  const seconds = (performance.now() - started) / 1000;
  const measured = await population.evaluate(images.test);
  const diverged = population.diverged.map((each) => each ?? null);
  const errors = diverged.map((each, member) => (each ? null : 100 * (1 - (measured.accuracy?.[member] ?? 0))));
  return { row, hidden, errors, diverged, seconds };
}

async function train(
  population: Population,
  { name, l1 }: PaperRow,
  { images, plan, terminal, signal }: RunParts,
): Promise<void> {
  const { updates } = plan;
  const progress = new Progress(terminal, { epochs: 1, stepsPerEpoch: updates });
  let told = performance.now();
  const data = take(images.train, plan.images);
  const epochs = Math.ceil(updates / Math.ceil(data.examples / plan.batch));
  const l1At = (step: number) => (step < CHOICE.l1After * updates ? 0 : l1);
  const schedule = (step: number) => ({ momentum: momentumAt(step, updates), ...(l1 > 0 && { l1: l1At(step) }) });
  try {
    for await (const report of population.fit(data, { epochs, maxSteps: updates, schedule, signal, steps: true })) {
      if (report.kind !== 'step') continue;
      const steps = report.step + 1;
      const { loss, accuracy = [] } = report;
      const mean = { loss: meanOver(loss), accuracy: meanOver(accuracy) };
      progress.step({ kind: 'step', epoch: 1, step: steps - 1, stepInEpoch: steps, steps: updates, ...mean });
      if (terminal.live || performance.now() - told < SILENT_MILLISECONDS) continue;
      told = performance.now();
      terminal.write(`${name}: ${count(steps)} of ${count(updates)} updates, loss ${short(mean.loss)}\n`);
    }
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind !== 'aborted') throw error;
    const where = `Stopped in ${name} after ${count(population.stepsTaken)} of ${count(updates)} updates.`;
    throw new EngineError('aborted', where, { cause: error });
  } finally {
    progress.clear();
  }
}

/** Momentum at a step: the paper's, after a linear start. */
export const momentumAt = (step: number, updates: number) => {
  const share = Math.min(1, step / (CHOICE.momentumRamp * updates));
  return CHOICE.firstMomentum + (PAPER.finalMomentum - CHOICE.firstMomentum) * share;
};

function networkOf({ dropout: drops, kl }: PaperRow, hidden: readonly number[], { classes = 1 }: Dataset): Model {
  const drop = (rate: number) => (drops ? [dropout(rate)] : []);
  const sparse = kl > 0 ? [klSparsity({ strength: kl, target: CHOICE.sparsity })] : [];
  const layers = hidden.flatMap((units) => [dense(units), relu(), ...sparse, ...drop(PAPER.hiddenDropout)]);
  return sequential([...drop(PAPER.inputDropout), ...layers, dense(classes)]);
}

function openPopulation(
  engine: Engine,
  model: Model,
  row: PaperRow,
  { updates, batch, seeds }: Plan,
  features: number,
): Promise<Population> {
  return createPopulation(engine, model, {
    input: [features],
    batchSize: batch,
    loss: softmaxCrossEntropy(),
    ...(row.l2 > 0 && { regularizer: penaltyOf(row) }),
    ...(row.maxNorm && { constraint: maxNorm(PAPER.maxNorm) }),
    optimizer: sgd({
      learningRate: cosineDecay(row.learningRate, { steps: updates }),
      momentum: PAPER.finalMomentum,
    }),
    members: seeds.map((seed) => ({ seed })),
    shuffleSeed: seeds[0],
  });
}

const penaltyOf = (row: PaperRow): Regularizer => (row.l1 > 0 ? penalties(l2(row.l2), l1(row.l1)) : l2(row.l2));

/** The mean of what members that are still in training have measured, for a glance. */
function meanOver(members: readonly number[]): number {
  const finite = members.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
