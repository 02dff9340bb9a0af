import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../src/data/safetensors.js';
import * as wgrad from '../../src/index.js';
import { Random } from '../ops/random.js';

tf.enableProdMode(); // no banner
await tf.setBackend('cpu');
// jax-js asks for it while it is imported.
Object.defineProperty(globalThis.navigator, 'userAgent', { value: 'node', configurable: true });
const jax = await import('@jax-js/jax');
await jax.init('wasm');
jax.defaultDevice('wasm');

/**
 * The largest difference of a parameter after `STEPS` steps. Parameters, inputs and gradients are of size 1 and sums have at most
 * 8 terms, so a gradient of float32 is off by some 20 units in the last place, 2e-6, and a step by lr times that; curvature at
 * most doubles it in so few steps. An accumulated root of a small gradient magnifies it; those cases say so.
 */
const TOLERANCE = 5e-6;
const STEPS = 4;
const RATE = 0.05;
const [FEATURES, HIDDEN, OUTPUTS, BATCH] = [4, 6, 3, 8];

const { dense, sequential, sgd, meanSquaredError, softmaxCrossEntropy } = wgrad;
const random = new Random(21);
const x = random.floats(BATCH * FEATURES);
const numbers = random.floats(BATCH * OUTPUTS, -3, 3);
const labels = Uint32Array.from({ length: BATCH }, (_, i) => (i * 2) % OUTPUTS);
const yesOrNo = Float32Array.from({ length: BATCH * OUTPUTS }, (_, i) => Number(i % 3 === 1));

interface Parameters {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Returns a trainer of wgrad on the CPU, and its weights. */
async function create(middle: readonly wgrad.Layer[], options: Partial<wgrad.TrainerOptions> = {}) {
  const trainer = await wgrad.createTrainer(
    wgrad.createReferenceEngine(),
    sequential([dense(HIDDEN), ...middle, dense(OUTPUTS)]),
    {
      input: [FEATURES],
      batchSize: BATCH,
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: RATE }),
      seed: 9,
      ...options,
    },
  );
  return { trainer, start: await trainer.weights() };
}

function train(trainer: wgrad.Trainer, y: Float32Array | Uint32Array): void {
  for (let step = 0; step < STEPS; step++) trainer.step({ x, y });
}

function expectNear(got: readonly Parameters[], want: readonly ArrayLike<number>[], tolerance = TOLERANCE): void {
  const worst = got.map(({ data }, p) =>
    data.reduce((most, value, i) => Math.max(most, Math.abs(value - want[p][i])), 0),
  );
  expect(want.map(({ length }) => length)).toEqual(got.map(({ data }) => data.length));
  expect(Math.max(...worst)).toBeLessThan(tolerance);
}

/** A part of the family, as wgrad and as tfjs have it. */
interface Case {
  readonly middle?: readonly wgrad.Layer[];
  readonly options?: Partial<wgrad.TrainerOptions>;
  readonly y?: Float32Array | Uint32Array;
  readonly dense?: object;
  readonly between?: () => tf.layers.Layer[];
  readonly loss?: (labels: tf.Tensor, outputs: tf.Tensor) => tf.Tensor;
  readonly optimizer?: () => tf.Optimizer;
  readonly tolerance?: number;
}

const activation = (name: string, layer: wgrad.Layer): Case => ({
  middle: [layer],
  between: () => [tf.layers.activation({ activation: name as 'elu' })],
});
const regularized = (regularizer: wgrad.Regularizer, kernelRegularizer: unknown): Case => ({
  options: { regularizer },
  dense: { kernelRegularizer },
});
const optimizer = (ours: wgrad.Optimizer, theirs: () => tf.Optimizer, tolerance?: number): Case => ({
  options: { optimizer: ours },
  optimizer: theirs,
  ...(tolerance && { tolerance }),
});

const CASES: Readonly<Record<string, Case>> = {
  elu: activation('elu', wgrad.elu()),
  selu: activation('selu', wgrad.selu()),
  softsign: activation('softsign', wgrad.softsign()),
  softplus: activation('softplus', wgrad.softplus()),
  silu: activation('swish', wgrad.silu()),
  leakyRelu: { middle: [wgrad.leakyRelu(0.2)], between: () => [tf.layers.leakyReLU({ alpha: 0.2 })] },
  layerNorm: {
    middle: [wgrad.layerNorm({ epsilon: 1e-3 })],
    between: () => [tf.layers.layerNormalization({ epsilon: 1e-3 })],
  },
  l1: regularized(wgrad.l1(0.01), tf.regularizers.l1({ l1: 0.01 })),
  // Keras has l1 · Σ|w| + l2 · Σw² where wgrad, as glmnet, has λ · (α · Σ|w| + (1 - α)/2 · Σw²).
  elasticNet: regularized(wgrad.elasticNet(0.02, { l1Ratio: 0.25 }), tf.regularizers.l1l2({ l1: 0.005, l2: 0.0075 })),
  // Keras adds 1e-7 to norms that it divides by.
  maxNorm: {
    options: { constraint: wgrad.maxNorm(0.8) },
    dense: { kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.8, axis: 0 }) },
  },
  unitNorm: {
    options: { constraint: wgrad.unitNorm() },
    dense: { kernelConstraint: tf.constraints.unitNorm({ axis: 0 }) },
  },
  nonNegative: { options: { constraint: wgrad.nonNegative() }, dense: { kernelConstraint: tf.constraints.nonNeg() } },
  huber: {
    options: { loss: wgrad.huber(0.7) },
    loss: (labels, outputs) => tf.losses.huberLoss(labels, outputs, undefined, 0.7),
  },
  meanAbsoluteError: {
    options: { loss: wgrad.meanAbsoluteError() },
    loss: (labels, outputs) => tf.losses.absoluteDifference(labels, outputs),
  },
  hinge: {
    options: { loss: wgrad.hinge() },
    y: yesOrNo,
    loss: (labels, outputs) => tf.losses.hingeLoss(labels, outputs),
  },
  binaryCrossEntropy: {
    options: { loss: wgrad.binaryCrossEntropy() },
    y: yesOrNo,
    loss: (labels, outputs) => tf.losses.sigmoidCrossEntropy(labels, outputs),
  },
  labelSmoothing: {
    options: { loss: softmaxCrossEntropy({ labelSmoothing: 0.2 }) },
    y: labels,
    loss: (labels, outputs) => tf.losses.softmaxCrossEntropy(labels, outputs, undefined, 0.2),
  },
  // tfjs adds ε to v before its root, PyTorch and wgrad add it to the root: with a small one both are g / √v.
  rmsprop: optimizer(
    wgrad.rmsprop({ learningRate: 0.01, alpha: 0.9, epsilon: 1e-12, momentum: 0.5 }),
    () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-20),
    1e-4,
  ),
  // tfjs starts the sum at 0.1 and adds 1e-7 to it, PyTorch and wgrad at 0: a gradient of 0.01 feels the 1e-7 by 5e-4.
  adagrad: optimizer(wgrad.adagrad({ learningRate: 0.01 }), () => tf.train.adagrad(0.01, 1e-20), 1e-4),
};

test.each(Object.entries(CASES))('tfjs agrees on %s', async (_, each) => {
  const { middle = [wgrad.tanh()], options = {}, y = numbers, between, loss, tolerance } = each;
  const { trainer, start } = await create(middle, options);
  const model = tfModel(each.dense ?? {}, between?.() ?? [tf.layers.activation({ activation: 'tanh' })]);
  model.compile({ optimizer: each.optimizer?.() ?? tf.train.sgd(RATE), loss: loss ?? 'meanSquaredError' });
  model.setWeights(
    start.map(({ data, shape }, p) =>
      tf
        .tensor(data.slice(), model.weights[p].shape as number[], 'float32')
        .reshape(shape.length > 0 ? (model.weights[p].shape as number[]) : []),
    ),
  );
  if (options.constraint) {
    // tfjs puts constraints upon weights when they are set, also at the start, and not after a step of training.
    const set = model.getWeights().map((each) => each.dataSync() as Float32Array);
    await trainer.setWeights(start.map((each, p) => ({ ...each, data: set[p] })));
  }
  train(trainer, y);
  await trainTf(model, y);
  expectNear(
    await trainer.weights(),
    model.getWeights().map((each) => each.dataSync()),
    tolerance,
  );
  model.dispose();
  trainer.dispose();
});

function tfModel(options: object, between: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [FEATURES], units: HIDDEN, ...options }),
      ...between,
      tf.layers.dense({ units: OUTPUTS, ...options }),
    ],
  });
}

async function trainTf(model: tf.Sequential, y: Float32Array | Uint32Array): Promise<void> {
  const inputs = tf.tensor2d(x, [BATCH, FEATURES]);
  const targets =
    y instanceof Uint32Array
      ? tf.oneHot(tf.tensor1d(Int32Array.from(y), 'int32'), OUTPUTS)
      : tf.tensor2d(y, [BATCH, OUTPUTS]);
  for (let step = 0; step < STEPS; step++) {
    await model.trainOnBatch(inputs, targets);
    model.setWeights(model.getWeights().map((each) => each.clone())); // clones, since equal tensors are not set again
  }
  tf.dispose([inputs, targets]);
}

test('tfjs agrees on batchNorm, but for the variance that runs', async () => {
  const { trainer, start } = await create([wgrad.batchNorm({ momentum: 0.2, epsilon: 1e-3 })]);
  train(trainer, numbers);
  const model = tfModel({}, [tf.layers.batchNormalization({ momentum: 0.8, epsilon: 1e-3 })]);
  model.compile({ optimizer: tf.train.sgd(RATE), loss: 'meanSquaredError' });
  // Keras lists moving mean and variance last.
  const moments = [new Float32Array(HIDDEN), new Float32Array(HIDDEN).fill(1)];
  const all = [...start.map(({ data }) => data.slice()), ...moments];
  model.setWeights(all.map((data, p) => tf.tensor(data, model.weights[p].shape as number[])));
  await trainTf(model, numbers);
  const theirs = model.getWeights().map((each) => each.dataSync());
  expectNear(await trainer.weights(), theirs.slice(0, start.length));
  const { tensors } = readSafetensors(await trainer.save());
  const mean = tensors.get('batchNorm0.mean')?.data ?? [];
  const variance = Array.from(tensors.get('batchNorm0.variance')?.data ?? []);
  // The paper's algorithm 2 and PyTorch take n / (n - 1) times the batch's variance, Keras takes it as it is.
  const left = 0.8 ** STEPS;
  const corrected = Array.from(theirs[start.length + 1], (v) => left + ((v - left) * BATCH) / (BATCH - 1));
  expectNear(
    [
      { shape: [], data: Float32Array.from(mean) },
      { shape: [], data: Float32Array.from(variance) },
    ],
    [theirs[start.length], corrected],
  );
  model.dispose();
  trainer.dispose();
});

const { nn, numpy: np } = jax;
type NdArray = ReturnType<typeof np.zeros>;

/** Frozen, since standardize has neither gain nor shift. */
const frozen = { optimizer: wgrad.groups(sgd({ learningRate: RATE }), [{ layers: ['layerNorm0'], freeze: true }]) };

test.each<[string, wgrad.Layer, (z: NdArray) => NdArray, Partial<wgrad.TrainerOptions>?]>([
  ['elu', wgrad.elu(1.5), (z) => nn.elu(z, 1.5)],
  ['selu', wgrad.selu(), (z) => nn.selu(z)],
  ['silu', wgrad.silu(), (z) => nn.silu(z)],
  ['gelu', wgrad.gelu(), (z) => nn.gelu(z, { approximate: false })],
  ['softplus', wgrad.softplus(), nn.softplus],
  ['softsign', wgrad.softsign(), nn.softSign],
  ['leakyRelu', wgrad.leakyRelu(0.2), (z) => nn.leakyRelu(z, 0.2)],
  ['layerNorm', wgrad.layerNorm({ epsilon: 1e-3 }), (z) => nn.standardize(z, -1, { epsilon: 1e-3 }), frozen],
])('jax-js agrees on %s', async (_, layer, apply, options = {}) => {
  const { trainer, start } = await create([layer], options);
  train(trainer, numbers);
  const isShared = ({ name }: { readonly name: string }) => name.startsWith('dense');
  let thetas = start
    .filter(isShared)
    .map(({ data, shape }) =>
      np.array(data.slice()).reshape(shape.length === 2 && shape[0] === 1 ? [shape[1]] : [...shape]),
    );
  const objective = ([w1, b1, w2, b2]: NdArray[], inputs: NdArray, targets: NdArray): NdArray => {
    const h = apply(np.matmul(inputs, w1).add(b1));
    return np.square(np.matmul(h, w2).add(b2).sub(targets)).mean();
  };
  const gradientOf = jax.valueAndGrad(objective);
  for (let step = 0; step < STEPS; step++) {
    const [value, gradients] = gradientOf(
      thetas.map((theta) => theta.ref),
      np.array(x).reshape([BATCH, FEATURES]),
      np.array(numbers).reshape([BATCH, OUTPUTS]),
    );
    value.dispose();
    thetas = thetas.map((theta, p) => theta.sub(gradients[p].mul(RATE)));
  }
  expectNear(
    (await trainer.weights()).filter(isShared),
    thetas.map((theta) => theta.dataSync() as Float32Array),
    2e-5,
  );
  trainer.dispose();
});
