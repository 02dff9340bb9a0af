import type { numpy } from '@jax-js/jax';
import { type Shared, testAgainst } from '../witness/against-rival.js';
import { ADAM, batchesOf, LR, MU } from '../witness/cases.js';
import { type Accuracy, WGSL } from '../witness/float32.js';
import type { Network, Parameters } from '../witness/network64.js';
import type { Trajectory } from '../witness/trajectory.js';

// jax-js asks for it while it is imported.
Object.defineProperty(globalThis.navigator, 'userAgent', { value: 'node', configurable: true });
const { defaultDevice, init, jit, nn, numpy: np, valueAndGrad } = await import('@jax-js/jax');
await init('wasm');
defaultDevice('wasm');

type NdArray = numpy.Array;

/** The largest error of a function of jax-js on a fine grid, relative to `scale`: jax-js states none. */
function largestError(
  of: (x: NdArray) => NdArray,
  truth: (x: number) => number,
  [from, to]: readonly [number, number],
  scale: (x: number) => number,
): number {
  const x = Float32Array.from({ length: 100_000 }, (_, i) => from + ((to - from) * i) / 100_000);
  const y = of(np.array(x)).dataSync();
  return x.reduce((most, value, i) => Math.max(most, Math.abs(y[i] - truth(value)) / scale(value)), 0);
}

const expScale = (x: number) => (1 + Math.abs(x)) * Math.exp(x);
const expError = largestError(np.exp, Math.exp, [-20, 0], expScale);
const logError = largestError(np.log, Math.log, [1, 10], () => 1);
const tanhError = largestError(np.tanh, Math.tanh, [-8, 8], () => 1);
const EITHER: Accuracy = {
  exp: (x) => Math.max(WGSL.exp(x), expError * expScale(x)),
  log: (x) => Math.max(WGSL.log(x), logError),
  tanh: (x) => Math.max(WGSL.tanh(x), tanhError),
};

/** loss + λ · Σw²; every use of an array but its last one needs `.ref`, since functions of jax-js take what they are given. */
function objectiveOf({ activation, loss, strength, batchSize }: Network) {
  return ([w1, b1, w2, b2]: NdArray[], x: NdArray, y: NdArray): NdArray => {
    const z = np.matmul(x, w1.ref).add(b1);
    const h = activation === 'relu' ? nn.relu(z) : np.tanh(z);
    const outputs = np.matmul(h, w2.ref).add(b2);
    const penalty = np.square(w1).sum().add(np.square(w2).sum()).mul(strength);
    if (loss === 'meanSquaredError') return np.square(outputs.sub(y)).mean().add(penalty);
    return nn
      .logSoftmax(outputs)
      .mul(y)
      .sum()
      .mul(-1 / batchSize)
      .add(penalty);
  };
}

/** θ' from θ, its gradient and the optimiser's states, which become [m', v']; `corrections` are 1 - β1^t and 1 - β2^t. */
type Update = (theta: NdArray, gradient: NdArray, states: NdArray[], corrections: readonly NdArray[]) => NdArray;

const UPDATES: Readonly<Record<Shared, Update>> = {
  sgd: (theta, gradient) => theta.sub(gradient.mul(LR)),
  momentum: (theta, gradient, states) => {
    states[0] = states[0].mul(MU).add(gradient);
    return theta.sub(states[0].ref.mul(LR));
  },
  nesterov: (theta, gradient, states) => {
    states[0] = states[0].mul(MU).add(gradient.ref);
    return theta.sub(gradient.add(states[0].ref.mul(MU)).mul(LR));
  },
  adam: (theta, gradient, states, corrections) => {
    const { lr, beta1, beta2, eps } = ADAM;
    states[0] = states[0].mul(beta1).add(gradient.ref.mul(1 - beta1));
    states[1] = states[1].mul(beta2).add(np.square(gradient).mul(1 - beta2));
    const root = np.sqrt(states[1].ref.div(corrections[1].ref)).add(eps);
    return theta.sub(states[0].ref.div(corrections[0].ref).div(root).mul(lr));
  },
};

function trainJax(network: Network, update: Update, start: Parameters): Trajectory {
  const { features, hidden, outputs, batchSize, loss } = network;
  const shapes = [[features, hidden], [hidden], [hidden, outputs], [outputs]];
  const gradientOf = valueAndGrad(objectiveOf(network));
  const step = jit((thetas: NdArray[], states: NdArray[][], x: NdArray, y: NdArray, corrections: NdArray[]) => {
    const [objective, gradients] = gradientOf(
      thetas.map((theta) => theta.ref),
      x,
      y,
    );
    const next = thetas.map((theta, p) => update(theta, gradients[p], states[p], corrections));
    return [objective, next, states] as [NdArray, NdArray[], NdArray[][]];
  });
  let thetas = start.map((values, p) => np.array(Float32Array.from(values)).reshape(shapes[p]));
  let states = shapes.map((shape) => [np.zeros(shape), np.zeros(shape)]);
  const objectives = batchesOf(network).map(({ x, y }, i) => {
    const inputs = np.array(x).reshape([batchSize, features]);
    const targets =
      loss === 'softmaxCrossEntropy'
        ? nn.oneHot(np.array(Int32Array.from(y)), outputs)
        : np.array(Float32Array.from(y)).reshape([batchSize, outputs]);
    const corrections = [ADAM.beta1, ADAM.beta2].map((beta) => np.array(1 - beta ** (i + 1)));
    const [objective, ...next] = step(thetas, states, inputs, targets, corrections);
    [thetas, states] = next;
    return objective.dataSync()[0];
  });
  return { objectives, parameters: thetas.map((theta) => theta.dataSync()) };
}

await testAgainst({
  engine: 'jax-js',
  train: (network, optimizer, start) => trainJax(network, UPDATES[optimizer], start),
  accuracy: EITHER,
  // Its log is wrong on the same side over whole ranges, which is not a toss of a coin. Gradients do not go through it.
  lossError: logError,
});
