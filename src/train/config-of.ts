import type { Training } from '../nn/traced-model.js';
import { describeTraining } from './checkpoint.js';
import { sessionOf, type Trainer } from './trainer.js';
import type { CheckedOptions } from './trainer-options.js';

/** A layer, loss, optimiser, penalty, initialiser or schedule: the name of the function that makes it, and its options. */
export interface DescribedPart {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** The configuration of a trainer without its seeds, as plain JSON; `save` writes it as `config`. */
export interface TrainingConfig {
  readonly input: readonly number[];
  readonly batchSize: number;
  readonly layers: readonly DescribedPart[];
  readonly loss: DescribedPart;
  readonly optimizer: DescribedPart;
  readonly regularizer?: DescribedPart;
  readonly constraint?: DescribedPart;
  readonly augmentation?: DescribedPart;
}

/**
 * Returns the configuration that the trainer was made with, for `trainingFromConfig`; changes by `set` are not in it.
 * @throws TypeError if `trainer` is none
 */
export function configOf(trainer: Trainer): TrainingConfig {
  const { model, options } = sessionOf(trainer);
  return plainConfig(model.training, options);
}

/** Returns the configuration of a training as plain JSON. */
export function plainConfig(training: Training, options: CheckedOptions): TrainingConfig {
  return JSON.parse(JSON.stringify(describeTraining(training, options)));
}
