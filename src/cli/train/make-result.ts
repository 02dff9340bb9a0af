import type { Engine, Trainer } from '../../index.js';
import { packageVersion } from '../package-version.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { describeModel } from './describe-config.js';
import { outputsOf, parameterCount } from './model.js';
import { compareWithMinimiser } from './ridge-minimiser.js';
import { epochRow, hashWeights, medianStep, type RunResult, variance } from './run-result.js';
import type { Run } from './run-training.js';

/** What a run was made of. */
export interface RunParts {
  readonly engine: Engine;
  readonly trainer: Trainer;
  readonly config: TrainConfig;
  readonly data: TrainingData;
  /** The command that repeats it. */
  readonly command: string;
}

/** Returns everything there is to tell of a run. */
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
      loss: classes === undefined ? 'meanSquaredError' : 'softmaxCrossEntropy',
      features,
      outputs,
      trainExamples: examples,
      validationExamples: data.validation.examples,
      parameters: parameterCount(config, features, outputs),
    },
    data: data.about,
    model: describeModel(config, features, outputs),
    epochs: run.epochs.map(epochRow),
    testAccuracy: last?.validationAccuracy ?? null,
    testLoss: last?.validationLoss ?? null,
    targetVariance: classes === undefined ? variance(data.validation.y) : null,
    closedForm: (isComplete && compareWithMinimiser(config, data, weights)) || null,
    steps: trainer.stepsTaken,
    dispatchesPerStep: trainer.dispatchesPerStep,
    stepMilliseconds: medianStep(run.epochs),
    seconds: run.seconds,
    weights: weights.map(({ name, shape }) => ({ name, shape })),
    weightsSha256: hashWeights(weights),
  };
}
