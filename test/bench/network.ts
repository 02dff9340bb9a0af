import { Random } from '../../src/random/random.js';

/** A classifier and how it is trained: dense layers, ReLU and dropout behind each but the last one, momentum, L2. */
export interface Network {
  /** Features, units of the hidden layers, classes. */
  readonly sizes: readonly number[];
  readonly batchSize: number;
  /** Share of the hidden units that is dropped. */
  readonly dropout: number;
  /** λ of (λ/2)·Σw², biases left out. */
  readonly l2: number;
  readonly learningRate: number;
  readonly momentum: number;
}

/** A network with a batch and the weights that every engine starts from. */
export interface Problem {
  readonly network: Network;
  /** [batchSize, features], in [-1, 1). */
  readonly x: Float32Array<ArrayBuffer>;
  /** [batchSize] of classes. */
  readonly labels: Uint32Array<ArrayBuffer>;
  /** [batchSize, classes] of 0 and 1. */
  readonly oneHot: Float32Array<ArrayBuffer>;
  /** Weights [sizes[l], sizes[l + 1]] and biases [sizes[l + 1]] of each layer in turn. */
  readonly start: readonly Float32Array<ArrayBuffer>[];
}

/** A network of those sizes as the benchmark trains it. */
export function networkOf(sizes: readonly number[], options: Partial<Network> = {}): Network {
  return { sizes, batchSize: 64, dropout: 0.5, l2: 1e-4, learningRate: 0.05, momentum: 0.9, ...options };
}

/** `784-128-10`. */
export const nameOf = ({ sizes }: Pick<Network, 'sizes'>) => sizes.join('-');

/** Rows and columns of the weights of each layer. */
export const layersOf = ({ sizes }: Pick<Network, 'sizes'>) =>
  sizes.slice(1).map((cols, l) => ({ rows: sizes[l], cols }));

/** Draws a batch and the first weights: uniform with the variance 2/fanIn (He et al. 2015), biases in [-0.1, 0.1). */
export function problemOf(network: Network, seed = 1): Problem {
  const { sizes, batchSize } = network;
  const random = new Random(seed);
  const features = sizes[0];
  const classes = sizes[sizes.length - 1];
  const x = Float32Array.from({ length: batchSize * features }, () => random.uniform(-1, 1));
  const labels = Uint32Array.from({ length: batchSize }, () => Math.floor(random.uniform(0, classes)));
  const oneHot = new Float32Array(batchSize * classes);
  for (const [row, label] of labels.entries()) oneHot[row * classes + label] = 1;
  const start = layersOf(network).flatMap(({ rows, cols }) => {
    const width = Math.sqrt(6 / rows);
    return [
      Float32Array.from({ length: rows * cols }, () => random.uniform(-width, width)),
      Float32Array.from({ length: cols }, () => random.uniform(-0.1, 0.1)),
    ];
  });
  return { network, x, labels, oneHot, start };
}

/** Floating-point operations of a step's products: forward, and the gradients of weights and of all inputs but the first. */
export function flopsOfStep(network: Network): number {
  return layersOf(network).reduce(
    (sum, { rows, cols }, l) => sum + (l === 0 ? 2 : 3) * 2 * network.batchSize * rows * cols,
    0,
  );
}
