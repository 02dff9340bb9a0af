import {
  dense,
  dropout,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type TrainerOptions,
} from '../../src/index.js';

/** A small classifier with dropout and a penalty. */
export const MODEL = sequential([dense(4), relu(), dropout(0.5), dense(3)]);
export const OPTIONS: TrainerOptions = {
  input: [2],
  batchSize: 4,
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  regularizer: l2(0.1),
};
