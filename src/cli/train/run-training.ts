import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../errors/engine-error.js';
import type { Trainer } from '../../index.js';
import type { EpochReport, StepReport } from '../../train/reports.js';
import type { CheckpointFile } from '../checkpoint-file.js';
import type { FileWriter } from '../output-files.js';
import { count, percent, short } from '../terminal/numbers.js';
import { type Asked, checkpointOf, type RunSoFar } from './checkpoint.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import type { Extent, Progress } from './progress.js';

/** The end of a run and its measurements. */
export interface Run {
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly epochs: readonly EpochReport[];
  readonly seconds: number;
  /** The reason in words if the run is not complete. */
  readonly stopped?: string;
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
  readonly before: RunSoFar | undefined;
  readonly checkpoint: CheckpointFile;
  readonly files: FileWriter;
}

/** Returns the size of a run. */
export const extentOf = ({ epochs, batch }: TrainConfig, { train }: TrainingData): Extent => ({
  epochs,
  stepsPerEpoch: Math.ceil(train.examples / batch),
});

/**
 * Trains until the last epoch, Ctrl-C or divergence, shows progress and writes checkpoints.
 * @throws whatever else `fit` throws
 */
export async function runTraining(trainer: Trainer, parts: TrainingParts): Promise<Run> {
  const { data, config, asked, progress, signal, before, checkpoint, files } = parts;
  const extent = extentOf(config, data);
  const epochs = [...(before?.epochs ?? [])];
  let last: StepReport | undefined;
  const start = performance.now();
  const seconds = () => (before?.seconds ?? 0) + (performance.now() - start) / 1000;
  const ended = (status: Run['status'], stopped?: string): Run => ({ status, epochs, seconds: seconds(), stopped });
  const keep = () =>
    files.write('--checkpoint', checkpoint.path, () => checkpointOf(trainer, { asked, epochs, seconds: seconds() }));
  const left = config.epochs - epochs.length;
  try {
    if (left === 0) return ended('complete');
    const earlyStopping = config.patience ? { patience: config.patience } : undefined;
    const options = { epochs: left, validation: data.validation, signal, steps: true, earlyStopping } as const;
    for await (const report of trainer.fit(data.train, options)) {
      if (report.kind === 'epoch') {
        epochs.push(report);
        progress.epoch(report);
        if (epochs.length % checkpoint.every === 0 || epochs.length === config.epochs) await keep();
      } else {
        last = report;
        progress.step(report);
      }
      // The reference engine never waits for anything, and Ctrl-C is only heard between waits.
      await setImmediate();
    }
    return ended('complete');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.kind === 'diverged') return ended('diverged', error.message);
    if (error.kind === 'aborted') {
      if (epochs.length === config.epochs) return ended('complete');
      await keep();
      const goOn = checkpoint.path === undefined ? '' : ' --resume goes on from here.';
      return ended('aborted', `${whereAborted(trainer.stepsTaken, extent, last)}${goOn}`);
    }
    if (error.kind !== 'lost' || checkpoint.path === undefined) throw error;
    throw new EngineError('lost', `${error.message}, or with --resume from the last checkpoint`, { cause: error });
  } finally {
    progress.clear();
  }
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
