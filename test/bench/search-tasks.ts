import {
  type Dataset,
  dataset,
  dense,
  dropout,
  type Layer,
  l2,
  meanSquaredError,
  prepareTable,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  split,
  type Table,
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

/** Data that are no formula. */
export interface SearchData {
  /** Images of digits. */
  readonly images: Dataset;
  /** Returns a table of `test/bench/tables`. */
  readonly table: (name: string) => Promise<Table>;
}

/** Trials of random search: three times as many as a strategy that learns from them needs at least. */
const TRIALS = 42;

/** Returns three tasks with data of our own or of MNIST, and three with tables of scikit-learn. */
export async function searchTasks({ images, table }: SearchData): Promise<SearchTask[]> {
  const [diabetes, breastCancer, wine] = await Promise.all(['diabetes', 'breast-cancer', 'wine'].map(table));
  return [
    {
      name: 'two moons, 15 % of labels wrong',
      sizes: [32, 32, 2],
      epochs: 9,
      trials: TRIALS,
      options: { input: [2], batchSize: 32, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: (seed) => {
        const random = new Random(seed);
        return { train: moons(random, 256), validation: moons(random, 512) };
      },
    },
    {
      name: 'regression, 5 of 64 features matter',
      sizes: [16, 1],
      epochs: 9,
      trials: TRIALS,
      options: {
        input: [64],
        batchSize: 16,
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
      name: '500 images of MNIST, 7 x 7 pixels',
      sizes: [16, 10],
      epochs: 9,
      trials: TRIALS,
      options: { input: [49], batchSize: 25, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: (seed) => split(coarse(take(images, 500)), { validation: 250, seed }),
    },
    {
      name: 'diabetes: 442 rows',
      sizes: [32, 1],
      epochs: 9,
      trials: TRIALS,
      options: {
        input: [10],
        batchSize: 16,
        loss: meanSquaredError(),
        optimizer,
        regularizer,
        space: { ...SPACE, l2: logUniform(1e-3, 1) },
      },
      data: dealt(diabetes),
    },
    {
      name: 'breast cancer: 569 rows',
      sizes: [32, 2],
      epochs: 9,
      trials: TRIALS,
      options: { input: [30], batchSize: 16, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: dealt(breastCancer),
    },
    {
      name: 'wine: 178 rows',
      sizes: [32, 3],
      epochs: 9,
      trials: TRIALS,
      options: { input: [13], batchSize: 16, loss: softmaxCrossEntropy(), optimizer, regularizer, space: SPACE },
      data: dealt(wine),
    },
  ];
}

/** Returns the rows of a table, dealt anew by each seed; a tenth is left over. */
const dealt = (table: Table) => (seed: number) => {
  const { train, validation } = prepareTable(table, { seed, validation: 0.45, test: 0.1 });
  return { train, validation };
};

/** Returns images of 28 x 28 pixels as 7 x 7, each pixel the mean of sixteen. */
function coarse({ x, y, examples, scale }: Dataset): Dataset {
  const means = new Float32Array(49 * examples);
  for (const [i, pixel] of x.entries()) {
    const [row, col] = [Math.floor((i % 784) / 28), i % 28];
    means[49 * Math.floor(i / 784) + 7 * Math.floor(row / 4) + Math.floor(col / 4)] += (pixel * scale) / 16;
  }
  return dataset({ x: means, y, features: 49, classes: 10 });
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
