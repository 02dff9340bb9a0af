import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../errors/engine-error.js';
import type { Trainer } from '../../index.js';
import type { EpochReport, StepReport } from '../../train/reports.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { onInterrupt } from '../terminal/terminal.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { type Extent, Progress } from './progress.js';

/** The end of a run and its measurements. */
export interface Run {
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly epochs: readonly EpochReport[];
  readonly seconds: number;
  /** The reason in words if the run is not complete. */
  readonly stopped?: string;
}

/**
 * Trains until the last epoch, Ctrl-C or divergence, and shows progress.
 * @throws whatever else `fit` throws
 */
export async function runTraining(
  trainer: Trainer,
  data: TrainingData,
  config: TrainConfig,
  terminal: Terminal,
): Promise<Run> {
  const extent = { epochs: config.epochs, stepsPerEpoch: Math.ceil(data.train.examples / config.batch) };
  const progress = new Progress(terminal, extent);
  const interrupt = onInterrupt(() => {
    progress.clear();
    terminal.write('Stopping; Ctrl-C again ends at once.\n');
  });
  const epochs: EpochReport[] = [];
  let last: StepReport | undefined;
  const start = performance.now();
  const ended = (status: Run['status'], stopped?: string): Run => ({
    status,
    epochs,
    seconds: (performance.now() - start) / 1000,
    stopped,
  });
  try {
    const { signal } = interrupt;
    const options = { epochs: config.epochs, validation: data.validation, signal, steps: true } as const;
    for await (const report of trainer.fit(data.train, options)) {
      if (report.kind === 'epoch') {
        epochs.push(report);
        progress.epoch(report);
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
    if (error.kind === 'aborted') return ended('aborted', whereAborted(trainer.stepsTaken, extent, last));
    throw error;
  } finally {
    progress.clear();
    interrupt.release();
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
