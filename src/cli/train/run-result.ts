import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Engine, Trainer } from '../../index.js';
import type { EpochReport } from '../../train/reports.js';
import { packageVersion } from '../environment.js';
import { median } from '../terminal/numbers.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { describeModel, lossOf, outputsOf, parameterCount } from './model.js';
import type { ClosedForm } from './ridge-minimiser.js';
import { compareWithMinimiser } from './ridge-minimiser.js';
import type { Run } from './run-training.js';
import { measureTable, type TableResult } from './table-result.js';

/** An epoch in `--json`; null for a number that was not measured. */
export interface EpochRow {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainPenalty: number;
  readonly trainAccuracy: number | null;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly seconds: number;
  readonly stepMilliseconds: number;
}

/** The content of `--json`. */
export interface RunResult {
  readonly version: string;
  /** The command that repeats the run. */
  readonly command: string;
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly adapter: string;
  readonly backend: 'webgpu' | 'reference';
  readonly config: Omit<TrainConfig, 'seed'> & {
    /** A string if JSON's numbers are too coarse for it. */
    readonly seed: number | string;
    readonly loss: string;
    readonly features: number;
    readonly outputs: number;
    readonly trainExamples: number;
    readonly validationExamples: number;
    readonly parameters: number;
  };
  /** The data and the model in words. */
  readonly data: string;
  readonly model: string;
  readonly epochs: readonly EpochRow[];
  /** Accuracy on the held-out examples after the last epoch; null for numbers and for a run that is not complete. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** The variance of the held-out targets: the loss of predicting their mean; null for classes. */
  readonly targetVariance: number | null;
  readonly closedForm: ClosedForm | null;
  /** The columns of a table, and the measures of the model on its test rows; null for other data and a run that is not complete. */
  readonly table: TableResult | null;
  readonly steps: number;
  readonly dispatchesPerStep: number;
  readonly stepMilliseconds: number | null;
  readonly seconds: number;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weightsSha256: string;
}

/** Returns an epoch's row. */
export function epochRow(report: EpochReport): EpochRow {
  const { epoch, trainLoss, trainPenalty, seconds, stepMilliseconds } = report;
  return {
    epoch,
    trainLoss,
    trainPenalty,
    trainAccuracy: report.trainAccuracy ?? null,
    validationLoss: report.validationLoss ?? null,
    validationAccuracy: report.validationAccuracy ?? null,
    seconds,
    stepMilliseconds,
  };
}

/** Returns the median over the epochs, without the first one, which warms up, if there are more; null for none. */
export function medianStep(epochs: readonly { readonly stepMilliseconds: number }[]): number | null {
  const settled = epochs.length > 1 ? epochs.slice(1) : epochs;
  return settled.length === 0 ? null : median(settled.map(({ stepMilliseconds }) => stepMilliseconds));
}

/** Returns the SHA-256 of all weights, in order, as little-endian float32. */
export function hashWeights(weights: readonly { readonly data: Float32Array }[]): string {
  const hash = createHash('sha256');
  for (const { data } of weights) {
    const bytes = Buffer.from(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
    hash.update(endianness() === 'LE' ? bytes : bytes.swap32());
  }
  return hash.digest('hex');
}

/** Returns the mean squared distance from the mean; exactly 0 where all are equal, although their mean is rounded. */
export function variance(values: ArrayLike<number>): number {
  const all = Array.from(values);
  if (all.every((value) => value === all[0])) return 0;
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
}

/** The parts of a run. */
export interface RunParts {
  readonly engine: Engine;
  readonly trainer: Trainer;
  readonly config: TrainConfig;
  readonly data: TrainingData;
  /** The command that repeats it. */
  readonly command: string;
}

/** Returns the result of a run. */
export async function makeResult(run: Run, { engine, trainer, config, data, command }: RunParts): Promise<RunResult> {
  const { features, classes, examples } = data.train;
  const outputs = outputsOf(data.train);
  const weights = await trainer.weights();
  const isComplete = run.status === 'complete';
  const last = isComplete ? run.epochs.at(-1) : undefined;
  return {
    version: packageVersion(),
    command,
    status: run.status,
    adapter: engine.info.adapter,
    backend: engine.info.backend,
    config: {
      ...config,
      seed: typeof config.seed === 'bigint' ? String(config.seed) : config.seed,
      loss: lossOf(data.train),
      features,
      outputs,
      trainExamples: examples,
      validationExamples: data.validation.examples,
      parameters: parameterCount(config, data.train),
    },
    data: data.about,
    model: describeModel(config, features, outputs),
    epochs: run.epochs.map(epochRow),
    testAccuracy: last?.validationAccuracy ?? null,
    testLoss: last?.validationLoss ?? null,
    targetVariance: classes === undefined ? variance(data.validation.y) : null,
    table: isComplete && data.table ? await measureTable(trainer, data.table) : null,
    closedForm: (isComplete && compareWithMinimiser(config, data, weights)) || null,
    steps: trainer.stepsTaken,
    dispatchesPerStep: trainer.dispatchesPerStep,
    stepMilliseconds: medianStep(run.epochs),
    seconds: run.seconds,
    weights: weights.map(({ name, shape }) => ({ name, shape })),
    weightsSha256: hashWeights(weights),
  };
}
