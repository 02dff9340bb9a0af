import fc from 'fast-check';
import { elu, gelu, leakyRelu, relu, selu, sigmoid, silu, softplus, softsign, tanh } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { type L2Convention, l2 } from '../../src/nn/l2.js';
import type { Layer } from '../../src/nn/layer.js';
import {
  binaryCrossEntropy,
  focal,
  hinge,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from '../../src/nn/losses.js';
import { adam, adamw, sgd } from '../../src/nn/optimizers.js';
import { cosineDecay, type Schedule, warmup } from '../../src/nn/schedules.js';
import type { Network } from '../steps/networks.js';
import { CASES } from './law.js';

const ACTIVATIONS = { relu, leakyRelu, tanh, sigmoid, gelu, softplus, elu, selu, silu, softsign };
const LOSSES = {
  softmaxCrossEntropy,
  softTargetCrossEntropy,
  binaryCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  hinge,
  focal,
};
const SCHEDULES = {
  constant: (rate: number) => rate,
  warmup: (rate: number) => warmup(rate, { steps: 3 }),
  cosineDecay: (rate: number) => cosineDecay(rate, { steps: 4, floor: 0.1 }),
};
const OPTIMIZERS = {
  sgd: ({ learningRate }: Rates) => sgd({ learningRate }),
  momentum: ({ learningRate, momentum }: Rates) => sgd({ learningRate, momentum }),
  nesterov: ({ learningRate, momentum }: Rates) => sgd({ learningRate, momentum, nesterov: true }),
  sgdw: ({ learningRate, momentum, weightDecay }: Rates) => sgd({ learningRate, momentum, weightDecay }),
  adam: ({ learningRate, momentum: beta1, beta2, epsilon }: Rates) => adam({ learningRate, beta1, beta2, epsilon }),
  adamw: ({ learningRate, momentum: beta1, beta2, epsilon, weightDecay }: Rates) =>
    adamw({ learningRate, beta1, beta2, epsilon, weightDecay }),
};

/** Hyper-parameters of any optimiser; momentum is the first beta too. */
interface Rates {
  readonly learningRate: number | Schedule;
  readonly momentum: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** The part of a recipe that decides the texts of a step's shaders. */
export interface Structure {
  readonly activation: keyof typeof ACTIVATIONS;
  /** Dropout after every hidden layer. */
  readonly drops: boolean;
  readonly biases: boolean;
  readonly loss: keyof typeof LOSSES;
  /** Outputs in quads: so many sums the last product has in registers. */
  readonly outputQuads: number;
  readonly optimizer: keyof typeof OPTIMIZERS;
  readonly penalised: 'nothing' | 'weights' | 'all';
}

/** A network, how it is trained and on how much, as plain data that a counterexample can print. */
export interface Recipe extends Structure, Omit<Rates, 'learningRate'> {
  readonly features: number;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  /** Outputs that are missing in the last quad. */
  readonly outputsLess: number;
  readonly dropoutRate: number;
  readonly rate: number;
  readonly schedule: keyof typeof SCHEDULES;
  readonly strength: number;
  readonly convention: L2Convention;
  /** Examples of `l2` in the convention 'mean'. */
  readonly examples: number;
  /** Rows of the batch, and how many of them are not valid. */
  readonly rows: number;
  readonly rowsLess: number;
  /** True if the step is fused. */
  readonly ride: boolean;
}

const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];
const anyOf = <T extends object>(table: T) => fc.constantFrom(...keys(table));

/** A thousandth of `most`, or more. */
const share = (most: number) => fc.integer({ min: 1, max: 1000 }).map((part) => (part / 1000) * most);
/** A number whose logarithm is uniform. */
const scaled = (smallest: number, largest: number) => share(1).map((part) => smallest * (largest / smallest) ** part);

const anyStructure: fc.Arbitrary<Structure> = fc.record({
  activation: anyOf(ACTIVATIONS),
  drops: fc.boolean(),
  biases: fc.boolean(),
  loss: anyOf(LOSSES),
  outputQuads: fc.constantFrom(1, 2, 9),
  optimizer: anyOf(OPTIMIZERS),
  penalised: fc.constantFrom('nothing', 'weights', 'all'),
});

const anySizes: fc.Arbitrary<Omit<Recipe, keyof Structure | 'ride'>> = fc.record({
  features: fc.integer({ min: 1, max: 40 }),
  hidden: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 0, maxLength: 3 }),
  outputsLess: fc.nat({ max: 3 }),
  dropoutRate: share(0.95),
  rate: scaled(1e-4, 0.3),
  schedule: anyOf(SCHEDULES),
  momentum: share(0.98),
  beta2: share(0.999),
  epsilon: fc.constantFrom(1e-8, 1e-3),
  weightDecay: share(0.5),
  strength: fc.oneof(fc.constant(0), scaled(1e-6, 1)),
  convention: fc.constantFrom('half', 'sum', 'mean'),
  examples: fc.integer({ min: 1, max: 60_000 }),
  rows: fc.integer({ min: 1, max: 70 }),
  rowsLess: fc.nat({ max: 3 }),
});

const recipeOf = (structure: fc.Arbitrary<Structure>, ride: boolean): fc.Arbitrary<Recipe> =>
  fc.tuple(structure, anySizes).map(([one, sizes]) => ({ ...one, ...sizes, ride }));

/** Structures of fused steps that have every choice at least once. */
export const STRUCTURES: readonly Structure[] = [
  {
    activation: 'relu',
    drops: true,
    biases: true,
    loss: 'softmaxCrossEntropy',
    outputQuads: 2,
    optimizer: 'momentum',
    penalised: 'weights',
  },
  {
    activation: 'gelu',
    drops: false,
    biases: false,
    loss: 'binaryCrossEntropy',
    outputQuads: 1,
    optimizer: 'adamw',
    penalised: 'all',
  },
  {
    activation: 'tanh',
    drops: true,
    biases: true,
    loss: 'softTargetCrossEntropy',
    outputQuads: 9,
    optimizer: 'adam',
    penalised: 'nothing',
  },
  {
    activation: 'leakyRelu',
    drops: false,
    biases: true,
    loss: 'meanSquaredError',
    outputQuads: 1,
    optimizer: 'nesterov',
    penalised: 'weights',
  },
];

/**
 * Networks whose steps are fused. To compile one of their texts takes a software GPU up to two seconds, so they are of a
 * few structures, the same in every run, which its driver may have compiled before; more of them where there are more cases.
 */
export function fusedRecipes(structures = STRUCTURES): fc.Arbitrary<Recipe> {
  const others = fc.sample(anyStructure, { numRuns: Math.max(0, Math.floor(CASES / 100) - 1), seed: 1 });
  return recipeOf(fc.constantFrom(...structures, ...others), true);
}

/** Networks of any structure, unfused, whose texts are small and are those of the ops; and fused ones of a few. */
export function recipes(fused = STRUCTURES): fc.Arbitrary<Recipe> {
  return fc.oneof(recipeOf(anyStructure, false), fusedRecipes(fused));
}

/** Returns the number of valid rows in a recipe's batch. */
export function validRows({ rows, rowsLess }: Recipe): number {
  return Math.max(1, rows - rowsLess);
}

/** The network of a recipe. */
export function networkOf(recipe: Recipe): Network {
  const { activation, drops, dropoutRate, biases, hidden, outputQuads, outputsLess, rate, strength } = recipe;
  const between = (): Layer[] => [ACTIVATIONS[activation](), ...(drops ? [dropout(dropoutRate)] : [])];
  const { convention, examples, penalised } = recipe;
  const regularizer = l2(strength, {
    convention,
    biases: penalised === 'all',
    ...(convention === 'mean' && { examples }),
  });
  return {
    layers: [
      ...hidden.flatMap((units) => [dense(units, { bias: biases }), ...between()]),
      dense(4 * outputQuads - outputsLess, { bias: biases }),
    ],
    loss: LOSSES[recipe.loss](),
    optimizer: OPTIMIZERS[recipe.optimizer]({ ...recipe, learningRate: SCHEDULES[recipe.schedule](rate) }),
    ...(penalised !== 'nothing' && { regularizer }),
    rows: recipe.rows,
    cols: recipe.features,
    count: validRows(recipe),
  };
}
