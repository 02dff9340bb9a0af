import { createReferenceEngine, loadModel, type TrainingConfig } from '../../index.js';
import { readCheckpoint } from '../../train/checkpoint.js';
import { readModelFile } from '../load-model.js';
import { list } from '../terminal/lines.js';
import { refuse, TRAIN_VALUES, type TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { type NetworkConfig, outputsOf, suits } from './model.js';
import type { TrainOptions } from './options.js';
import { loadedNumbers, NUMBER_OPTIONS } from './own-numbers.js';
import { settingsOfLayers, settingsOfParts } from './part-descriptions.js';
import { DROPOUT_OPTIONS, OPTIMIZER_OPTIONS, PENALTY_OPTIONS } from './part-settings.js';
import {
  ACTIVATIONS,
  LOSS_NAMES,
  LOSSES,
  NORM_NAMES,
  NORMS,
  OPTIMIZER_NAMES,
  OPTIMIZERS,
  type OptimizerName,
} from './presets.js';
import type { KnownTable } from './table.js';

/** A network of `--save` that training goes on from. */
export interface LoadedNet extends KnownTable {
  /** For `loadTrainer`. */
  readonly bytes: Uint8Array;
  /** Optimiser steps taken before. */
  readonly steps: number;
  readonly settings: NetworkConfig & Pick<TrainConfig, 'seed'>;
  readonly features: number;
  readonly outputs: number;
  readonly loss: string;
}

const namesOf = <T extends object>(options: T) => Object.keys(options) as (keyof T)[];

/** Options that the file decides. */
const DECIDED = [
  'target',
  'classes',
  'number',
  'features',
  'drop',
  'missing',
  'no-standardize',
  'loss',
  ...namesOf(NUMBER_OPTIONS),
  'label-smoothing',
  'hidden',
  'norm',
  'activation',
  'dropout',
  'l2',
  'l2-convention',
  'optimizer',
  'momentum',
  'weight-decay',
  'batch',
  'seed',
  ...namesOf(DROPOUT_OPTIONS),
  ...namesOf(PENALTY_OPTIONS),
  ...namesOf(OPTIMIZER_OPTIONS),
] as const satisfies readonly (keyof TrainOptions)[];

/**
 * Returns the network of the file that `--load` names.
 * @throws UsageError if an option is for a new network, or if `wgrad train` does not make such networks; EngineError of kind
 * `format` if the file is damaged
 */
export async function readNet(path: string, given: TrainOptions): Promise<LoadedNet> {
  const { target } = given;
  const decided = DECIDED.find((name) => given[name] !== undefined && name !== 'target');
  if (decided) throw refuse(`--${decided} is for a new network; of one from --load the file decides it`);
  const bytes = await readModelFile(path, TRAIN_VALUES);
  const { seed, steps, hyper } = readCheckpoint(`--load: ${path}`, bytes);
  using model = await loadModel(createReferenceEngine(), bytes); // checks all that is in it, without a GPU
  const { preparation, features, outputs, loss } = model;
  if (preparation && given.data === undefined) {
    throw refuse(`--load: ${path} is a model of a table, so --data has to name rows with its columns`);
  }
  const known = preparation?.target.name;
  if (target !== undefined && target !== known) {
    throw refuse(`--load: ${path} tells ${known === undefined ? 'no column' : `'${known}'`}, got --target ${target}`);
  }
  return {
    path,
    bytes,
    steps,
    preparation,
    features,
    outputs,
    loss,
    settings: { ...settingsOf(path, model.config, hyper), seed },
  };
}

/**
 * Returns the settings of `wgrad train` by which a network was made, with its hyper-parameters as they stand: a search sets
 * those of its best network. @throws UsageError if there are none
 */
function settingsOf(path: string, config: TrainingConfig, hyper: Readonly<Record<string, number>>): NetworkConfig {
  const layers = settingsOfLayers(config.layers, hyper);
  const made = settingsOfParts(config, hyper);
  const name = made && optimizerName(made.optimizer);
  const learningRate = made?.optimizer.learningRate;
  const kinds = new Set(layers?.others);
  const norms = NORM_NAMES.filter((each) => kinds.delete(NORMS[each].kind));
  const activation = Object.keys(ACTIVATIONS).find((name) => kinds.size === 0 || kinds.has(ACTIVATIONS[name].kind));
  if (
    !layers ||
    !made ||
    kinds.size > 1 ||
    norms.length > 1 ||
    !activation ||
    !name ||
    typeof learningRate !== 'number'
  ) {
    const own = list(['an activation for each layer', 'a schedule', 'an optimizer']);
    throw refuse(
      `--load: ${path} holds a network with ${own} that wgrad train does not make; loadTrainer goes on from it`,
    );
  }
  const { hidden, dropout, dropoutKind, inputNoise, activity, activityNorm } = layers;
  const { momentum, weightDecay } = made.optimizer;
  const loss = LOSS_NAMES.find((each) => LOSSES[each].kind === config.loss.kind) ?? null;
  return {
    loss,
    ...loadedNumbers({ loss, activation }, hyper),
    labelSmoothing: hyper.labelSmoothing ?? null,
    hidden,
    dropout,
    dropoutKind,
    inputNoise,
    activity,
    activityNorm,
    norm: norms[0] ?? null,
    activation,
    l2: made.l2,
    l2Convention: (made.l2Convention ?? 'half') as NetworkConfig['l2Convention'],
    ...made.parts,
    optimizer: name,
    learningRate: hyper.learningRate ?? learningRate,
    momentum: OPTIMIZERS[name].momentum === null ? null : (hyper.momentum ?? Number(momentum)),
    weightDecay: OPTIMIZERS[name].weightDecay === null ? null : (hyper.weightDecay ?? Number(weightDecay)),
    batch: config.batchSize,
  };
}

function optimizerName({
  kind,
  momentum,
  nesterov,
  weightDecay,
}: TrainingConfig['optimizer']): OptimizerName | undefined {
  if (kind !== 'sgd') return OPTIMIZER_NAMES.find((name) => name === kind);
  if (weightDecay) return 'sgdw';
  return nesterov ? 'nesterov' : momentum ? 'momentum' : 'sgd';
}

/** Refuses data that a network does not fit. @throws UsageError */
export function checkNet({ path, features, outputs, loss, settings }: LoadedNet, { train }: TrainingData): void {
  const learns = settings.loss !== null && suits(settings.loss, train.classes);
  if (train.features === features && learns && outputsOf(settings, train) === outputs) return;
  const targets = train.classes === undefined ? 'numbers' : 'classes';
  const has = `${train.features} features and ${train.classes ?? train.outputs} outputs for ${targets}`;
  throw refuse(
    `--load: ${path} takes ${features} features and gives ${outputs} outputs for ${loss}, the data has ${has}`,
  );
}
