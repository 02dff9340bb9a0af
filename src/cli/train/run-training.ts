import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../errors/engine-error.js';
import { balancedWeights, type Trainer } from '../../index.js';
import type { EpochReport, StepReport } from '../../train/reports.js';
import type { CheckpointFile } from '../checkpoint-file.js';
import type { FileWriter } from '../output-files.js';
import { count, percent, short } from '../terminal/numbers.js';
import { guessingLoss, hasExploded } from './baseline.js';
import { BestSoFar } from './best-so-far.js';
import { type Asked, checkpointOf, type Resumed } from './checkpoint.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { lossOf } from './model.js';
import type { Extent, Progress } from './progress.js';

/** The end of a run and its measurements. */
export interface Run {
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly epochs: readonly EpochReport[];
  /** The epoch whose weights the run ends with where it stops early, 0 if none was better than before the first; null for the last ones. */
  readonly bestEpoch: number | null;
  readonly steps: number;
  readonly seconds: number;
  /** The reason in words if the run is not complete. */
  readonly stopped?: string;
  /** The trainer as the run leaves it, in place of the one that it was given. */
  readonly trainer: Trainer;
}

/** The parts of a training. */
export interface TrainingParts {
  readonly data: TrainingData;
  readonly config: TrainConfig;
  readonly asked: Asked;
  readonly progress: Progress;
  /** Stops it. */
  readonly signal: AbortSignal;
  /** The run that it goes on with. */
  readonly before: Resumed | undefined;
  readonly checkpoint: CheckpointFile;
  readonly files: FileWriter;
  /** Steps that a network of `--load` had taken. */
  readonly stepsBefore: number;
}

/** Returns the size of a run. */
export const extentOf = ({ epochs, batch }: TrainConfig, { train }: TrainingData): Extent => ({
  epochs,
  stepsPerEpoch: Math.ceil(train.examples / batch),
});

/**
 * Trains until the last epoch, early stopping, Ctrl-C or divergence, shows progress and writes checkpoints. A run that stops
 * early ends with the weights of its best epoch, or with those before the first if none was better, however it ends.
 * @throws whatever else `fit` throws
 */
export async function runTraining(trainer: Trainer, parts: TrainingParts): Promise<Run> {
  const { config, before } = parts;
  const best = new BestSoFar(config.patience || null, before);
  const start = performance.now();
  const seconds = () => (before?.seconds ?? 0) + (performance.now() - start) / 1000;
  const epochs = [...(before?.epochs ?? [])];
  const end = await trainEpochs(trainer, epochs, { ...parts, best, seconds });
  const steps = trainer.stepsTaken - parts.stepsBefore;
  const kept = await best.restore(trainer, epochs);
  const run = { ...end, epochs, bestEpoch: best.bestEpoch(epochs), steps, seconds: seconds(), trainer: kept };
  const exploded = end.status === 'complete' && explosion(run, parts.data, parts.config);
  return exploded ? { ...run, status: 'diverged', stopped: exploded } : run;
}

/** A training under way. */
interface Underway extends TrainingParts {
  readonly best: BestSoFar;
  readonly seconds: () => number;
}

/** Trains, and adds the report of each epoch to `epochs`. */
async function trainEpochs(
  trainer: Trainer,
  epochs: EpochReport[],
  { data, config, asked, progress, signal, before, checkpoint, files, best, seconds, stepsBefore }: Underway,
): Promise<Pick<Run, 'status' | 'stopped'>> {
  const extent = extentOf(config, data);
  let last: StepReport | undefined;
  const keep = () =>
    files.write('--checkpoint', checkpoint.path, async () =>
      checkpointOf(await trainer.save(), { asked, epochs, seconds: seconds(), untrained: best.untrained }, best.file),
    );
  const isOver = () => epochs.length === config.epochs || best.isOver(epochs);
  try {
    if (isOver()) return { status: 'complete' };
    const { train, validation } = data;
    const weights = config.balance
      ? { weights: balancedWeights(train), validationWeights: balancedWeights(validation) }
      : {};
    const left = config.epochs - epochs.length;
    const options = { epochs: left, validation, signal, steps: true, ...weights } as const;
    if (!before) {
      await best.begin(trainer, async () => {
        return (await trainer.evaluate(validation, { weights: weights.validationWeights })).loss;
      });
    }
    let earlier: number | undefined; // epochs that a network of --load had been trained for
    for await (const counted of trainer.fit(train, options)) {
      earlier ??= counted.epoch - 1 - epochs.length;
      const report = { ...counted, epoch: counted.epoch - earlier };
      if (report.kind === 'epoch') {
        epochs.push(report);
        progress.epoch(report);
        await best.note(trainer, epochs);
        if (epochs.length % checkpoint.every === 0 || isOver()) await keep();
        if (isOver()) break;
      } else {
        last = report;
        progress.step(report);
      }
      // The reference engine never waits for anything, and Ctrl-C is only heard between waits.
      await setImmediate();
    }
    return { status: 'complete' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.kind === 'diverged') return { status: 'diverged', stopped: error.message };
    if (error.kind === 'aborted') {
      if (isOver()) return { status: 'complete' };
      await keep();
      const goOn = checkpoint.path === undefined ? '' : ' --resume goes on from here.';
      return { status: 'aborted', stopped: `${whereAborted(trainer.stepsTaken - stepsBefore, extent, last)}${goOn}` };
    }
    if (error.kind !== 'lost' || checkpoint.path === undefined) throw error;
    throw new EngineError('lost', `${error.message}, or with --resume from the last checkpoint`, { cause: error });
  } finally {
    progress.clear();
  }
}

/** Returns in words that a run has ended with a loss that is no result; undefined for any other. */
function explosion({ epochs, bestEpoch }: Run, { train }: TrainingData, config: TrainConfig): string | undefined {
  const first = epochs[0].trainLoss;
  const last = epochs[(bestEpoch || epochs.length) - 1].trainLoss;
  const guessing = guessingLoss(train, lossOf(config, train), config);
  if (!hasExploded({ first, last, guessing })) return undefined;
  return (
    `training diverged: its loss is ${short(last)}, after ${short(first)} in the first epoch, and guessing has ` +
    `${short(guessing)}; try a smaller --learning-rate`
  );
}

/** One sentence: `Stopped in epoch 2 of 3, after 1,234 of 2,814 steps; last loss 0.2134, accuracy 93.75 %.` */
function whereAborted(steps: number, { epochs, stepsPerEpoch }: Extent, last: StepReport | undefined): string {
  const epoch = Math.min(epochs, Math.floor(steps / stepsPerEpoch) + 1);
  const where = `Stopped in epoch ${count(epoch)} of ${count(epochs)}`;
  const after = `after ${count(steps)} of ${count(epochs * stepsPerEpoch)} steps`;
  if (!last) return `${where}, ${after}.`;
  const accuracy = last.accuracy === undefined ? '' : `, accuracy ${percent(last.accuracy)}`;
  return `${where}, ${after}; last loss ${short(last.loss)}${accuracy}.`;
}
