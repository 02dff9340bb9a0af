import { readFile } from 'node:fs/promises';
import { isInRange, isRecord, suggestion } from '../../errors/arguments.js';
import { namesIn, placesOf } from '../../nn/hyper-parameters.js';
import { checkTrainerOptions, traceTraining } from '../../train/trainer-options.js';
import { checkFiles } from '../output-files.js';
import { optionValues } from '../parse-options.js';
import { list } from '../terminal/lines.js';
import { checkAdapter, checkBalance, readConfig, type TrainConfig } from '../train/config.js';
import type { TrainingData } from '../train/data.js';
import { buildTraining, checkLoss, checkNetworkGroups, checkSize, type DataSizes } from '../train/model.js';
import { PART_OF_HYPER } from '../train/part-settings.js';
import { ACTIVATION_NAMES, OPTIMIZERS, PRESETS } from '../train/presets.js';
import {
  DEFAULT_MEMBERS,
  MNIST_EPOCHS,
  MNIST_EXAMPLES,
  MNIST_HIDDEN,
  STRATEGY_NAMES,
  type StrategyName,
  type TuneOptions,
} from './options.js';

/** Everything that decides the result of a search, but the adapter. */
export interface TuneConfig {
  /** The settings that the space does not vary; a trial has at most `epochs`. */
  readonly train: TrainConfig;
  readonly strategy: StrategyName;
  readonly members: number;
  /** 0 for hold-out. */
  readonly folds: number;
  /** Null for none. */
  readonly patience: number | null;
  readonly metric: 'loss' | 'accuracy';
  /** Seeds from which the winners are trained again; 0 for none. */
  readonly repeats: number;
  /** As plain data: by name a distribution, or one a layer. */
  readonly space: Readonly<Record<string, unknown>>;
}

/** Reads the values of the options of `wgrad tune`. */
export const TUNE_VALUES = optionValues('wgrad tune');

const { refuse, choice, number } = TUNE_VALUES;

/** The names with an option of `wgrad train`, with which one command trains the winner. A space may hold others that the model has. */
export const SEARCHABLE: readonly string[] = [
  ...['l2', 'dropout', 'learningRate', 'momentum', 'weightDecay', 'hidden', 'activation'],
  ...Object.keys(PART_OF_HYPER),
];

const ABOVE_0 = ['learningRate', 'momentum', 'maxNorm', 'clipNorm', 'clipValue'];

/**
 * Returns the configuration that the options describe; the distributions of its space are still to be checked.
 * @throws UsageError naming the option, its value and what is allowed
 */
export async function readTuneConfig(given: TuneOptions): Promise<TuneConfig> {
  const asked = given.space === undefined ? undefined : await readSpace(given.space);
  const train = withDefaults(readConfig(given, TUNE_VALUES, Object.keys(asked ?? {})), given);
  if (asked) checkSpace(given.space, asked, train);
  const fixed = (['l2', 'dropout'] as const).find((name) => given[name] !== undefined && asked && name in asked);
  if (fixed) throw refuse(`--${fixed} fixes ${fixed} for all networks, and --space varies it; leave one of them out`);
  const folds = number('--folds', given.folds, { min: 0, integer: true }) ?? 0;
  if (folds === 1) throw refuse('--folds must be 0 for none, or at least 2, got 1');
  if (folds > 0 && given.split !== undefined && given.split !== 'random') {
    throw refuse('--folds deals rows at random, and --split keeps their order; leave one of them out');
  }
  const repeats = readRepeats(given.repeats, folds);
  const metric = choice('--metric', given.metric ?? 'loss', ['loss', 'accuracy']);
  if (metric === 'accuracy' && PRESETS[train.preset].data !== 'mnist') throw noClasses(`the preset ${train.preset}`);
  checkAdapter(given, TUNE_VALUES);
  const strategy = choice('--strategy', given.strategy ?? 'grid', STRATEGY_NAMES);
  if (strategy === 'hyperband' && given.members !== undefined) {
    throw refuse('--members is not for --strategy hyperband, whose number of networks follows from --epochs');
  }
  return {
    train,
    strategy,
    members: readMembers(given.members, folds),
    folds,
    patience: number('--patience', given.patience, { min: 1, integer: true }) ?? null,
    metric,
    repeats,
    space: asked ?? defaultSpace(train, given),
  };
}

function readRepeats(text: string | undefined, folds: number): number {
  const repeats = number('--repeats', text, { min: 0, max: MOST_NETWORKS, integer: true }) ?? 0;
  if (repeats === 1) throw refuse('--repeats must be 0 for none, or at least 2, got 1');
  if (repeats > 0 && folds > 0)
    throw refuse('--repeats is not for --folds, whose scores have a standard error already');
  return repeats;
}

/** As many networks as WebGPU's dispatches may have workgroups in z, and as a grid may have points. */
const MOST_NETWORKS = 65_535;

function readMembers(text: string | undefined, folds: number): number {
  const range = { min: 1, max: MOST_NETWORKS, integer: true };
  const members = number('--members', text, range) ?? DEFAULT_MEMBERS;
  if (members * Math.max(1, folds) <= MOST_NETWORKS) return members;
  throw refuse(`--members times --folds must be at most ${MOST_NETWORKS}, got ${members} times ${folds}`);
}

/** @throws UsageError if the metric, the folds or a number of units does not fit the data */
export function checkTuneData(
  { metric, folds, train: base, space }: TuneConfig,
  { train }: Pick<TrainingData, 'train'>,
): void {
  checkLoss(base, train, TUNE_VALUES);
  checkNetworkGroups(base, train, TUNE_VALUES);
  for (const hidden of 'hidden' in space ? valuesOf(space.hidden) : [base.hidden]) {
    checkSize({ hidden: [hidden].flat().map(Number) }, train, TUNE_VALUES);
  }
  if (metric === 'accuracy' && train.classes === undefined) throw noClasses('the data');
  checkBalance(base, train, TUNE_VALUES);
  if (folds > train.examples) {
    throw refuse(`--folds must be at most the number of training examples, ${train.examples}, got ${folds}`);
  }
}

const noClasses = (what: string) => refuse(`--metric accuracy is for classes, and ${what} has numbers to learn`);

/** Refuses files that cannot be written. @throws UsageError, before anything is trained */
export async function checkTuneFiles({ data, space, ...given }: TuneOptions): Promise<void> {
  const { json, csv, html, save, checkpoint } = given;
  const files = { '--json': json, '--csv': csv, '--html': html, '--save': save, '--checkpoint': checkpoint };
  await checkFiles(files, refuse, { '--data': data, '--space': space });
}

function withDefaults(train: TrainConfig, given: TuneOptions): TrainConfig {
  if (train.preset !== 'mnist') return train;
  const epochs = given.epochs === undefined ? MNIST_EPOCHS : train.epochs;
  const hidden = given.hidden === undefined ? MNIST_HIDDEN : train.hidden;
  return { ...train, epochs, hidden, examples: train.examples ?? (given.data === undefined ? MNIST_EXAMPLES : null) };
}

/**
 * λ by p, in six even steps each, but for what an option fixes; λ alone where there is no hidden layer to drop units of, or the
 * rates are learned. @throws UsageError if nothing is left
 */
function defaultSpace({ hidden, dropoutKind }: TrainConfig, given: TuneOptions): Record<string, unknown> {
  const drops = hidden.length > 0 && dropoutKind !== 'concrete' && given.dropout === undefined;
  const space = {
    ...(given.l2 === undefined && { l2: { kind: 'logUniform', low: 1e-6, high: 0.1 } }),
    ...(drops && { dropout: { kind: 'uniform', low: 0, high: 0.5 } }),
  };
  if (Object.keys(space).length > 0) return space;
  throw refuse('nothing is left to vary: --space names what else to vary, or leave out --l2 or --dropout');
}

async function readSpace(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw refuse(`--space: cannot read ${path}: ${error.message}`);
  });
  let space: unknown;
  try {
    space = JSON.parse(text);
  } catch (error) {
    throw refuse(`--space: ${path} is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(space)) {
    throw refuse(
      `--space: ${path} must hold an object, such as {"l2": {"kind": "logUniform", "low": 1e-6, "high": 0.01}}`,
    );
  }
  return space;
}

/** Refuses a space that does not fit the settings beside it. @throws UsageError */
function checkSpace(path: string | undefined, space: Readonly<Record<string, unknown>>, train: TrainConfig): void {
  checkNames(`${path}`, space, train);
  checkStructure(space);
}

/** Returns the values that an entry of a space names one by one; of a range its ends. */
function valuesOf(entry: unknown): unknown[] {
  if (typeof entry !== 'object' || entry === null) return [entry];
  const { value, values, low, high } = entry as Readonly<Record<string, unknown>>;
  return Array.isArray(values) ? values : value === undefined ? [low, high] : [value];
}

const areUnits = (value: unknown) => [value].flat().every((units) => isInRange(units, { min: 1, integer: true }));
const isActivation = (value: unknown) => ACTIVATION_NAMES.some((name) => name === value);

/** Refuses values that no network can be made of. */
function checkStructure(space: Readonly<Record<string, unknown>>): void {
  for (const [name, isValid, text] of [
    ['hidden', areUnits, 'positive integers, such as 64 or [128, 64]'],
    ['activation', isActivation, list(ACTIVATION_NAMES)],
  ] as const) {
    if (!(name in space)) continue;
    const { kind = 'fixed' } = Object(space[name]) as { kind?: unknown };
    if (kind === 'uniform' || kind === 'logUniform')
      throw refuse(`--space: ${name} must be ${text}, and ${kind} draws others`);
    const bad = valuesOf(space[name]).find((value) => !isValid(value));
    if (bad !== undefined) throw refuse(`--space: ${name} must be ${text}, got ${JSON.stringify(bad)}`);
  }
}

/**
 * Refuses names that are neither options of `wgrad train` nor hyper-parameters of the model.
 * @throws UsageError that lists those that are
 */
export function checkSpaceNames({ train, space }: TuneConfig, data: DataSizes): void {
  const { model, options } = buildTraining(train, data, space);
  const where = 'wgrad tune';
  const { hyperTable } = traceTraining(where, model, checkTrainerOptions(where, model, options)).model;
  const known = [...new Set([...SEARCHABLE, ...namesIn(hyperTable)])];
  for (const name of Object.keys(space)) {
    if (SEARCHABLE.includes(name) || placesOf(hyperTable, name).length > 0) continue;
    throw refuse(`--space: unknown name '${name}'${suggestion(name, known)}; known: ${known.join(', ')}`);
  }
}

/** Refuses what `wgrad train` would refuse, and names that the optimizer does not have. */
function checkNames(path: string, space: object, { optimizer, hidden }: TrainConfig): void {
  const names = Object.keys(space);
  if (names.length === 0) throw refuse(`--space: ${path} is empty`);
  for (const [name, distribution] of Object.entries(space)) {
    if (ABOVE_0.includes(name) && mayBe0(distribution)) {
      throw refuse(`--space: ${name} must be above 0, as for wgrad train`);
    }
    if (!Array.isArray(distribution)) continue;
    if (name !== 'dropout')
      throw refuse(`--space: ${name} must be one distribution; dropout alone may have one a layer`);
    if (!names.includes('hidden') && distribution.length !== hidden.length) {
      const layers = `the number of hidden layers is ${hidden.length}`;
      throw refuse(`--space: dropout has ${distribution.length} distributions, but ${layers}`);
    }
  }
  for (const name of ['momentum', 'weightDecay'] as const) {
    if (names.includes(name) && OPTIMIZERS[optimizer][name] === null) {
      throw refuse(`--space: the optimizer ${optimizer} has no ${name}`);
    }
  }
  if (names.includes('dropout') && !names.includes('hidden') && hidden.length === 0) {
    throw refuse('--space: dropout needs a hidden layer, and there is none');
  }
}

/** Returns true if a distribution, still unchecked, has 0 as its end or as a value. */
function mayBe0(distribution: unknown): boolean {
  if (typeof distribution !== 'object' || distribution === null) return false;
  const { low, value, values } = distribution as Readonly<Record<string, unknown>>;
  return [low, value, ...(Array.isArray(values) ? values : [])].includes(0);
}
