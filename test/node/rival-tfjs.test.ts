import * as tf from '@tensorflow/tfjs';
import { type Shared, testAgainst } from '../witness/against-rival.js';
import { ADAM, batchesOf, LR, MU } from '../witness/cases.js';
import { WGSL } from '../witness/float32.js';
import type { Network, Parameters } from '../witness/network64.js';
import type { Trajectory } from '../witness/trajectory.js';

tf.enableProdMode(); // no banner
await tf.setBackend('cpu');

/** Trains a Keras model with Keras' own L2, λ · Σw² of each kernel, which trainOnBatch counts in. */
async function trainTfjs(network: Network, optimizer: tf.Optimizer, start: Parameters): Promise<Trajectory> {
  const { features, hidden, activation, outputs, strength, batchSize } = network;
  const classes = network.loss === 'softmaxCrossEntropy';
  const kernelRegularizer = tf.regularizers.l2({ l2: strength });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [features], units: hidden, activation, kernelRegularizer }),
      tf.layers.dense({ units: outputs, kernelRegularizer }),
    ],
  });
  // Keras' 'categoricalCrossentropy' takes probabilities and clips them; this one takes logits as wgrad does.
  const crossEntropy = (labels: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, logits);
  model.compile({ optimizer, loss: classes ? crossEntropy : 'meanSquaredError' });
  const shapes = [[features, hidden], [hidden], [hidden, outputs], [outputs]];
  model.setWeights(start.map((values, p) => tf.tensor(Float32Array.from(values), shapes[p])));
  const objectives: number[] = [];
  for (const { x, y } of batchesOf(network)) {
    const inputs = tf.tensor2d(x, [batchSize, features]);
    const targets = classes
      ? tf.oneHot(tf.tensor1d(Int32Array.from(y), 'int32'), outputs)
      : tf.tensor2d(Float32Array.from(y), [batchSize, outputs]);
    objectives.push(Number(await model.trainOnBatch(inputs, targets)));
    tf.dispose([inputs, targets]);
  }
  const parameters = model.getWeights().map((weights) => weights.dataSync());
  model.dispose();
  return { objectives, parameters };
}

/**
 * The optimisers that both have. SGD, momentum and Nesterov are the same formulas. So is Adam: tfjs 4.22 adds ε to
 * √(v / (1 - β2^t)) as PyTorch and wgrad do, not to √v as Keras in Python does. It differs in ε's default, 1e-7 where
 * PyTorch has 1e-8, and in multiplying up β^t in float32, which the rounding of the rule allows for: with the usual
 * β2 = 0.999 it makes 1 - β2^t wrong by up to 2^-25 / 0.001, 3e-5, at the first step.
 */
const OPTIMIZERS: Readonly<Record<Shared, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(LR),
  momentum: () => tf.train.momentum(LR, MU),
  nesterov: () => tf.train.momentum(LR, MU, true),
  adam: () => tf.train.adam(ADAM.lr, ADAM.beta1, ADAM.beta2, ADAM.eps),
};

// tfjs rounds what Math.exp and the like make: well within what WGSL allows.
await testAgainst({
  engine: 'tfjs',
  train: (network, optimizer, start) => trainTfjs(network, OPTIMIZERS[optimizer](), start),
  accuracy: WGSL,
});
