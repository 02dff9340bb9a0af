import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Engine } from '../../index.js';
import type { EpochReport } from '../../train/reports.js';
import { packageVersion } from '../environment.js';
import { median } from '../terminal/numbers.js';
import { variance } from './baseline.js';
import { splitText, type TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { describeModel, lossOf, outputsOf, parameterCount } from './model.js';
import { LOSSES } from './presets.js';
import type { ClosedForm } from './ridge-minimiser.js';
import { compareWithMinimiser } from './ridge-minimiser.js';
import type { Run } from './run-training.js';
import { type ClassesResult, measureImages, measureTable, type TableResult } from './table-result.js';

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
  readonly config: Omit<TrainConfig, 'seed' | 'table' | 'loss'> & {
    /** The reading of a table; null for other data. */
    readonly table: TrainConfig['table'] | null;
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
  /** The epoch whose weights these are where training may stop early, 0 if none was better than before the first; null for the last ones. */
  readonly bestEpoch: number | null;
  /** Accuracy on the held-out examples with the final weights; null for numbers and for a run that is not complete. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** The variance of the held-out targets: the squared error of predicting their mean; null for other losses. */
  readonly targetVariance: number | null;
  readonly closedForm: ClosedForm | null;
  /** The columns of a table, and the measures of the model on its test rows; null for other data and a run that is not complete. */
  readonly table: TableResult | null;
  /** The measures of classes on the test images of `--data DIRECTORY`; null for other data and a run that is not complete. */
  readonly images: ClassesResult | null;
  readonly steps: number;
  readonly dispatchesPerStep: number;
  readonly stepMilliseconds: number | null;
  readonly seconds: number;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weightsSha256: string;
}

/** Returns an epoch's row. */
function epochRow(report: EpochReport): EpochRow {
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

/** The parts of a run. */
export interface RunParts {
  readonly engine: Engine;
  readonly config: TrainConfig;
  readonly data: TrainingData;
  /** The command that repeats it. */
  readonly command: string;
}

/** Returns the result of a run. */
export async function makeResult(run: Run, { engine, config, data, command }: RunParts): Promise<RunResult> {
  const { trainer, bestEpoch } = run;
  const { features, classes, examples } = data.train;
  const outputs = outputsOf(config, data.train);
  const lossKind = LOSSES[lossOf(config, data.train)].kind;
  const weights = await trainer.weights();
  const isComplete = run.status === 'complete';
  const kept = isComplete ? run.epochs.at((bestEpoch ?? 0) - 1) : undefined; // the last one where there is no best one
  const isImages = config.data !== null && !data.table && classes !== undefined;
  // Weighted measures are for choosing, and no epoch has those of the weights before the first.
  const test = kept && (config.balance || bestEpoch === 0) ? await trainer.evaluate(data.validation) : undefined;
  return {
    version: packageVersion(),
    command,
    status: run.status,
    adapter: engine.info.adapter,
    backend: engine.info.backend,
    config: {
      ...config,
      table: data.table ? { ...config.table, split: splitText(data.table.preparation.split ?? 'random') } : null,
      seed: typeof config.seed === 'bigint' ? String(config.seed) : config.seed,
      loss: lossKind,
      features,
      outputs,
      trainExamples: examples,
      validationExamples: data.validation.examples,
      parameters: parameterCount(config, data.train),
    },
    data: data.about,
    model: describeModel(config, features, outputs),
    epochs: run.epochs.map(epochRow),
    bestEpoch,
    testAccuracy: test?.accuracy ?? kept?.validationAccuracy ?? null,
    testLoss: test?.loss ?? kept?.validationLoss ?? null,
    targetVariance: lossKind === 'meanSquaredError' ? variance(data.validation.y) : null,
    table: isComplete && data.table ? await measureTable(trainer, data.table, config.balance) : null,
    images: isComplete && isImages ? await measureImages(trainer, data, config.balance) : null,
    closedForm: (isComplete && compareWithMinimiser(config, data, weights)) || null,
    steps: run.steps,
    dispatchesPerStep: trainer.dispatchesPerStep,
    stepMilliseconds: medianStep(run.epochs),
    seconds: run.seconds,
    weights: weights.map(({ name, shape }) => ({ name, shape })),
    weightsSha256: hashWeights(weights),
  };
}
