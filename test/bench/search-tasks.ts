import {
  type Dataset,
  dataset,
  dense,
  dropout,
  type Layer,
  l2,
  meanSquaredError,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  split,
  take,
} from '../../src/index.js';
import { Random } from '../../src/random/random.js';
import { logUniform, type SearchOptions, uniform } from '../../src/tune.js';

/** Something to be learned, and the space in which to look for how. */
export interface SearchTask {
  readonly name: string;
  /** Widths of the hidden layers and of the outputs. */
  readonly sizes: readonly number[];
  /** Epochs that a trial may have at most. */
  readonly epochs: number;
  /** Trials of random and of Sobol search, all trained to the end. */
  readonly trials: number;
  readonly options: Pick<SearchOptions, 'input' | 'batchSize' | 'loss' | 'optimizer' | 'regularizer' | 'space'>;
  /** Returns the data of a seed; equal seeds give equal rows. */
  data(seed: number): { readonly train: Dataset; readonly validation: Dataset };
}

/** Three decades of learning rates, from too low to too high; the usual ranges of the others. */
const SPACE = {
  l2: logUniform(1e-5, 1e-2),
  dropout: uniform(0, 0.6),
  learningRate: logUniform(1e-3, 1),
  momentum: uniform(0, 0.95),
};
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
const regularizer = l2(1e-3);

/** Dense layers with ReLU and dropout behind each but the last one. */
export function modelOf({ sizes }: SearchTask) {
  const hidden = sizes.slice(0, -1).flatMap((units): Layer[] => [dense(units), relu(), dropout(0.1)]);
  return sequential([...hidden, dense(sizes[sizes.length - 1])]);
}

/** Small enough that thirty searches of each take minutes on a processor. */
export function searchTasks(mnist: Dataset): SearchTask[] {
  return [
    {
      name: 'two moons, 15 % of labels wrong',
      sizes: [32, 32, 2],
      epochs: 27,
      trials: 16,
      options: { input: [2], batchSize: 32, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: (seed) => {
        const random = new Random(seed);
        return { train: moons(random, 256), validation: moons(random, 512) };
      },
    },
    {
      name: 'regression, 5 of 64 features matter',
      sizes: [16, 1],
      epochs: 27,
      trials: 16,
      options: {
        input: [64],
        batchSize: 32,
        loss: meanSquaredError(),
        optimizer,
        regularizer,
        space: { ...SPACE, l2: logUniform(1e-3, 1) },
      },
      data: (seed) => {
        const random = new Random(seed);
        const weights = random.floats(5, -1, 1);
        return { train: sparse(random, 160, weights), validation: sparse(random, 512, weights) };
      },
    },
    {
      name: '2,000 images of MNIST',
      sizes: [32, 10],
      epochs: 9,
      trials: 12,
      options: { input: [784], batchSize: 50, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: (seed) => split(take(mnist, 2000), { validation: 1000, seed }),
    },
  ];
}

/** Two half circles that reach into each other, places with a deviation of 0.2, and labels of which some are wrong. */
function moons(random: Random, rows: number): Dataset {
  const x = new Float32Array(2 * rows);
  const y = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const moon = row % 2;
    const angle = Math.PI * random.next();
    x[2 * row] = (moon ? 1 - Math.cos(angle) : Math.cos(angle)) + 0.2 * normal(random);
    x[2 * row + 1] = (moon ? 0.5 - Math.sin(angle) : Math.sin(angle)) + 0.2 * normal(random);
    y[row] = random.next() < 0.15 ? 1 - moon : moon;
  }
  return dataset({ x, y, features: 2, classes: 2 });
}

/** y = Σ wᵢ xᵢ over the first features + 0.5 · noise; the other features tell nothing. */
function sparse(random: Random, rows: number, weights: Float32Array): Dataset {
  const x = Float32Array.from({ length: 64 * rows }, () => normal(random));
  const y = Float32Array.from({ length: rows }, (_, row) =>
    weights.reduce((sum, weight, i) => sum + weight * x[64 * row + i], 0.5 * normal(random)),
  );
  return dataset({ x, y, features: 64 });
}

/** Box and Muller (1958). */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
