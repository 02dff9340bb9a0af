import { multiply } from 'wgrad/ops';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  meanSquaredError,
  type Regularizer,
  sequential,
  sgd,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';

const trainWith = (penalty: unknown) =>
  createTrainer(createReferenceEngine(), sequential([dense(1)]), {
    input: [5],
    batchSize: 2,
    loss: meanSquaredError(),
    optimizer: sgd(),
    regularizer: { kind: 'mine', options: {}, penalty } as Regularizer,
  });

testRefusals({
  "TypeError: regularizer 'mine': penalty must return a tensor of [1, 1], such as sumAll makes, or undefined, got [5, 1]":
    () => trainWith(({ tensor }: { tensor: never }) => multiply(tensor, tensor)),
  "TypeError: regularizer 'mine': penalty must return a tensor of [1, 1], such as sumAll makes, or undefined, got 0.1":
    () => trainWith(() => 0.1),
  'TypeError: multiply: takes tensors; constant(trace, x) makes one of a number, got 0.1': () =>
    trainWith(({ tensor }: { tensor: never }) => multiply(tensor, 0.1 as never)),
});
