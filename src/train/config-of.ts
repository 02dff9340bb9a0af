import { describeTraining } from './checkpoint.js';
import { sessionOf, type Trainer } from './trainer.js';

/** A layer, loss, optimiser, penalty, initialiser or schedule: the name of the function that makes it, and its options. */
export interface DescribedPart {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** How a trainer is made but for its seeds, as plain JSON: what `save` writes as `config`. */
export interface TrainingConfig {
  readonly input: readonly number[];
  readonly batchSize: number;
  readonly layers: readonly DescribedPart[];
  readonly loss: DescribedPart;
  readonly optimizer: DescribedPart;
  readonly regularizer?: DescribedPart;
}

/**
 * The configuration that the trainer was made with, for `trainingFromConfig`; what `set` has changed since is not in it.
 * @throws TypeError if `trainer` is none
 */
export function configOf(trainer: Trainer): TrainingConfig {
  const { model, options } = sessionOf(trainer);
  return JSON.parse(JSON.stringify(describeTraining(model.training, options)));
}
