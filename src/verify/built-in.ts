import type { Engine } from '../graph/engine.js';
import { gelu, relu, tanh } from '../nn/activations.js';
import { adamw } from '../nn/adam.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import { l2 } from '../nn/l2.js';
import { binaryCrossEntropy, softmaxCrossEntropy } from '../nn/losses.js';
import { sequential } from '../nn/sequential.js';
import { sgd } from '../nn/sgd.js';
import { createTrainer } from '../train/create-trainer.js';
import type { Trainer } from '../train/trainer.js';

/** Networks on which an engine without a trainer is checked: small, ragged, with everything that may ride on a kernel. */
export const BUILT_IN = ['a classifier with momentum', 'a regressor with AdamW'] as const;

/** A fresh trainer of a built-in network. */
export function builtInTrainer(engine: Engine, name: (typeof BUILT_IN)[number]): Promise<Trainer> {
  if (name === 'a classifier with momentum') {
    return createTrainer(engine, sequential([dense(33), relu(), dropout(0.5), dense(18), relu(), dense(10)]), {
      input: [21],
      batchSize: 37,
      loss: softmaxCrossEntropy(),
      optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
      regularizer: l2(1e-2),
      seed: 1,
    });
  }
  return createTrainer(
    engine,
    sequential([dropout(0.2), dense(19), gelu(), dropout(0.25), dense(7), tanh(), dense(5)]),
    {
      input: [13],
      batchSize: 66,
      loss: binaryCrossEntropy(),
      optimizer: adamw({ learningRate: 1e-2, weightDecay: 0.1 }),
      seed: 2,
    },
  );
}
