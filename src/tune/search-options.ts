import { asTargets } from '../data/as-targets.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import type { Numbers } from '../data/matrix.js';
import {
  checkChoice,
  checkNumber,
  checkOptions,
  checkPositiveInteger,
  checkSignal,
  show,
} from '../errors/arguments.js';
import { type HyperTable, namesIn, placesOf } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import { type Seed, seedKey } from '../random/seed.js';
import type { Annotated } from '../train/annotations.js';
import { checkWeights, weightsPerMember } from '../train/fit-options.js';
import { checkTrainerOptions, type TrainerOptions, traceTraining } from '../train/trainer-options.js';
import type { Configuration } from './space.js';
import { checkLists, checkRanges, checkSpace, type Space } from './space.js';
import type { Strategy } from './strategy.js';

/** A model, or a function that makes one for a configuration. */
export type SearchModel = Model | ((config: Configuration) => Model);

/** The measures of an epoch on the validation set; with folds, their mean. */
export interface TrialEvaluation {
  readonly loss: number;
  readonly accuracy?: number;
}

/** The measure that a search compares; of a function's results the smaller is better. */
export type SearchMetric = 'loss' | 'accuracy' | ((evaluation: TrialEvaluation) => number);

/** Options of `search`: those of a trainer, and how to search. */
export interface SearchOptions extends Omit<TrainerOptions, 'seed' | 'shuffleSeed' | 'progress'> {
  /**
   * The configurations to try: hyper-parameters by the names that `set` knows (`l2`, `dropout`, `learningRate`, ...; an
   * array gives one per layer), and those that a function which makes the model reads, such as `hidden`.
   */
  space: Space;
  /**
   * The strategy: `grid()`, `random()`, `sobol()`, `successiveHalving()`, `hyperband()`, `tpe()`, `gaussianProcess()`,
   * `populationBased()`, or one of your own.
   */
  strategy: Strategy;
  /** The number of configurations to try; `populationBased` begins with as many. A grid and `hyperband` have their own. */
  population?: number | undefined;
  /** Epochs that a trial may be trained for at most. */
  budget: { epochs: number };
  train: Dataset;
  /** The data set that trials are judged by. Either this or `folds`. */
  validation?: Dataset | undefined;
  /** Cross-validation: every configuration is trained this many times, each time without another part of `train`. */
  folds?: number | undefined;
  /** Weights of the examples of `train`, at least 0, in every fold too: as those of `fit`. Default: all 1. */
  weights?: Numbers | undefined;
  /** The same for `validation`. */
  validationWeights?: Numbers | undefined;
  /** Default 'loss'. */
  metric?: SearchMetric | undefined;
  /** A trial stops after this many epochs without a better score, and keeps its best weights. Default: none stops. */
  patience?: number | undefined;
  /** Decides the strategy's draws, the folds, and the initial weights, masks and order of every trial. Default 0. */
  seed?: Seed | undefined;
  /** Bytes of the device that trials may take side by side; more of them take turns there, epoch by epoch. Default 2^30. */
  memory?: number | undefined;
  /** Stops the search; it can go on later. */
  signal?: AbortSignal | undefined;
  /** The bytes that `save` of a search with the same options returned: the search goes on from there. */
  resume?: Uint8Array | undefined;
}

const SEARCH = [
  'space',
  'strategy',
  'population',
  'budget',
  'train',
  'validation',
  'folds',
  'weights',
  'validationWeights',
  'metric',
  'patience',
  'seed',
  'memory',
  'signal',
  'resume',
];
const TRAINING = ['input', 'batchSize', 'loss', 'optimizer', 'regularizer', 'constraint', 'augmentation'];

/** Returns the names of a configuration that are no hyper-parameters of a model: where they differ, the model does. */
export function namesMissing(config: Configuration, table: HyperTable): string[] {
  return Object.keys(config).filter((name) => placesOf(table, name).length === 0);
}

/** The options of a search, checked. */
export type CheckedSearch = ReturnType<typeof checkSearchOptions>;

/** Returns the options of a search with their defaults. @throws TypeError or RangeError naming the option */
export function checkSearchOptions(model: SearchModel, options: SearchOptions) {
  const where = 'search';
  checkOptions(where, options, [...SEARCH, ...TRAINING]);
  const { strategy, population, budget, folds, metric = 'loss', patience, seed = 0, signal, resume } = options;
  const { train, validation, memory, input, batchSize, loss, optimizer, regularizer, constraint, augmentation } =
    options;
  const isMaker = typeof model === 'function';
  if (!isMaker && !Array.isArray(model?.layers)) {
    throw new TypeError(
      `${where}: model must be made by sequential([...]) or be a function that makes one, got ${show(model)}`,
    );
  }
  const space = checkSpace(where, options.space);
  if (typeof strategy?.next !== 'function') {
    throw new TypeError(`${where}: strategy must be made by a function such as random(), got ${show(strategy)}`);
  }
  if (population !== undefined) checkPositiveInteger(where, 'population', population);
  checkOptions(`${where}: budget`, budget, ['epochs']);
  checkPositiveInteger(where, 'budget.epochs', budget.epochs);
  checkDataset(where, 'train', train);
  if ((validation === undefined) === (folds === undefined)) {
    throw new TypeError(`${where}: give either validation or folds, got ${folds === undefined ? 'neither' : 'both'}`);
  }
  if (validation !== undefined) checkDataset(where, 'validation', validation);
  if (folds !== undefined) {
    checkNumber(where, 'folds', folds, { min: 2, integer: true });
    if (folds > train.examples) {
      throw new RangeError(`${where}: folds must be at most the number of examples ${train.examples}, got ${folds}`);
    }
  }
  const training = { input, batchSize, loss, optimizer, regularizer, constraint, augmentation };
  const modelOf = isMaker ? model : () => model;
  const middle = space.configuration(space.dimensions.map(({ distribution }) => distribution.at(0.5)));
  const first = modelOf(middle);
  const checked = checkTrainerOptions(where, first, training);
  const { features } = checked;
  const traced = (made: Model) => traceTraining(where, made, checked);
  const { outputs, model: firstTraced } = traced(first);
  const table = firstTraced.hyperTable;
  const [structural] = namesMissing(middle, table);
  if (structural !== undefined && !isMaker) {
    throw new TypeError(
      `${where}: space.${structural} is not a hyper-parameter of this model (${namesIn(table).join(', ')}); ` +
        'to search the structure of the model, give it as a function of the configuration',
    );
  }
  checkRanges(where, space, table);
  checkLists(where, space, table);
  for (const [name, data] of Object.entries({ train, validation })) {
    if (data === undefined || data.features === features) continue;
    throw new RangeError(`${where}: ${name} has ${data.features} features, the model's input has ${features}`);
  }
  for (const [name, given] of Object.entries({ train, validation })) {
    const data = given && asTargets(given, loss.targets);
    const fault = data?.y instanceof Float32Array ? loss.fault?.(data.y, data.outputs) : undefined;
    if (fault !== undefined) throw new RangeError(`${where}: ${name}: ${fault}`);
  }
  const weighed = (name: 'weights' | 'validationWeights', data: Dataset | undefined) => {
    const each = weightsPerMember(1, where, name, options[name]);
    if (!each) return undefined;
    if (!data) throw new TypeError(`${where}: validationWeights are those of a validation set, and there is none`);
    checkWeights(where, name, each, data);
    return each[0];
  };
  const weights = weighed('weights', train);
  const validationWeights = weighed('validationWeights', validation);
  if (memory !== undefined) checkNumber(where, 'memory', memory, { min: 1 });
  if (typeof metric !== 'function') checkChoice(where, 'metric', metric, ['loss', 'accuracy']);
  if (patience !== undefined) checkPositiveInteger(where, 'patience', patience);
  checkSignal(where, signal);
  if (resume !== undefined && !(resume instanceof Uint8Array)) {
    throw new TypeError(`${where}: resume must be a Uint8Array that save() returned, got ${show(resume)}`);
  }
  return {
    modelOf,
    /** The model, if it is the same for all. */
    model: isMaker ? undefined : model,
    /** Returns the hyper-parameters of a configuration's model. */
    tableOf: (config: Configuration) => (isMaker ? traced(modelOf(config)).model.hyperTable : table),
    /** Returns what the annotations of a configuration's network must fit. */
    annotatedOf: (config: Configuration): Annotated => ({
      features,
      loss,
      outputs: isMaker ? traced(modelOf(config)).outputs : outputs,
    }),
    /** The names of the space that a network in training can change. */
    changeable: Object.keys(middle).filter((name) => placesOf(table, name).length > 0),
    training,
    space,
    strategy,
    population,
    epochs: budget.epochs,
    train,
    validation,
    weights,
    validationWeights,
    /** 0 where there is a validation set. */
    folds: folds ?? 0,
    metric,
    patience,
    seed,
    key: seedKey(where, 'seed', seed),
    memory,
    signal,
    resume,
  };
}
