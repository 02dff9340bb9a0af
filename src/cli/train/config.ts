import { isInRange } from '../../errors/arguments.js';
import type { Dataset, L2Convention, Split } from '../../index.js';
import { DROPOUT_RATE } from '../../nn/dropout-rate.js';
import { ABOVE_0, AT_LEAST_0, BELOW_1 } from '../../nn/hyper-parameters.js';
import { numberOr, type OptionValues, optionValues } from '../parse-options.js';
import { readLayout, type TableLayout } from '../table-file.js';
import type { TrainOptions } from './options.js';
import { type OwnNumbers, readNumbers } from './own-numbers.js';
import { type PartSettings, readParts } from './part-settings.js';
import {
  ACTIVATION_NAMES,
  LOSS_NAMES,
  type LossName,
  NORM_NAMES,
  type NormName,
  OPTIMIZER_NAMES,
  OPTIMIZERS,
  type OptimizerName,
  PRESET_NAMES,
  PRESETS,
  type Preset,
  type PresetName,
} from './presets.js';

/** The settings by which a file becomes a table, and the table data to train on. */
export interface TableConfig extends TableLayout {
  /** Null: the last column. */
  readonly target: string | null;
  /** Null: by the values of the target. */
  readonly task: 'classes' | 'number' | null;
  /** Null: all that can be used. */
  readonly columns: readonly string[] | null;
  readonly drop: readonly string[] | null;
  readonly missing: 'median' | 'mean' | 'drop' | 'error';
  readonly standardize: boolean;
  /** As its option has it; null: that of the model of `--load`, or random. */
  readonly split: string | null;
}

/** Everything that decides the result of a run, but the adapter. */
export interface TrainConfig extends PartSettings, OwnNumbers {
  readonly preset: PresetName;
  /** Directory or file; null for the data of the preset. */
  readonly data: string | null;
  /** The reading of a table; without effect on other data. */
  readonly table: TableConfig;
  /** The number of examples that are trained on, from the first; null for all. */
  readonly examples: number | null;
  /** True: classes count alike, however rare they are. */
  readonly balance: boolean;
  /** Null: softmax cross-entropy for classes, squared error for numbers. */
  readonly loss: LossName | null;
  /** The share of `--label-smoothing`; null for none. */
  readonly labelSmoothing: number | null;
  readonly hidden: readonly number[];
  /** The normalisation before every activation; null for none. */
  readonly norm: NormName | null;
  readonly activation: string;
  /** The rate after each hidden layer. */
  readonly dropout: readonly number[];
  readonly l2: number;
  readonly l2Convention: L2Convention;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly momentum: number | null;
  readonly weightDecay: number | null;
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without improvement after which training stops with its best weights; null for never. */
  readonly patience: number | null;
  readonly seed: number | bigint;
  /** True: the last layer's weights begin as 0, so that the untrained network tells the mean, or every class alike. */
  readonly startsGuessing?: boolean;
}

/** Reads the values of the options of `wgrad train`. */
export const TRAIN_VALUES = optionValues('wgrad train');

export const { number, refuse } = TRAIN_VALUES;

/**
 * Returns the configuration that the options describe.
 * @param values of the command that has the options
 * @param searched names of settings that a search varies
 * @throws UsageError naming the option, its value and what is allowed
 */
export function readConfig(
  given: TrainOptions,
  values: OptionValues = TRAIN_VALUES,
  searched: readonly string[] = [],
): TrainConfig {
  const { refuse, choice, number } = values;
  const preset = choice('--preset', given.preset ?? 'mnist', PRESET_NAMES);
  const base: Preset = PRESETS[preset];
  checkData(given, preset, values);
  const hidden = readHidden(given.hidden, values) ?? base.hidden;
  const dropout = readDropout(given.dropout, hidden, values) ?? hidden.map(() => base.dropout);
  const optimizer = choice('--optimizer', given.optimizer ?? base.optimizer, OPTIMIZER_NAMES);
  const { learningRate, momentum, weightDecay } = OPTIMIZERS[optimizer];
  const loss = given.loss === undefined ? null : choice('--loss', given.loss, LOSS_NAMES);
  const activation = choice('--activation', given.activation ?? base.activation, ACTIVATION_NAMES);
  if (given.momentum !== undefined && momentum === null) {
    throw refuse(`--momentum is for the optimizers momentum, nesterov, sgdw and rmsprop, got ${optimizer}`);
  }
  if (given['weight-decay'] !== undefined && weightDecay === null) {
    throw refuse(`--weight-decay is for the optimizers adamw, sgdw and lion, got ${optimizer}`);
  }
  return {
    preset,
    data: given.data ?? null,
    table: readTableConfig(given, values),
    examples: number('--examples', given.examples, { min: 1, integer: true }) ?? null,
    balance: given.balance === true,
    loss,
    labelSmoothing: number('--label-smoothing', given['label-smoothing'], BELOW_1) ?? null,
    hidden,
    norm: given.norm === undefined ? null : choice('--norm', given.norm, NORM_NAMES),
    activation,
    ...readNumbers(given, { loss, activation }, values, searched),
    dropout,
    ...readParts(given, { hidden, dropout }, values, searched),
    l2: number('--l2', given.l2, AT_LEAST_0) ?? base.l2,
    l2Convention: choice('--l2-convention', given['l2-convention'] ?? base.l2Convention, ['half', 'sum', 'mean']),
    optimizer,
    learningRate:
      number('--learning-rate', given['learning-rate'], ABOVE_0) ??
      (optimizer === base.optimizer ? base.learningRate : learningRate),
    momentum: number('--momentum', given.momentum, { ...BELOW_1, exclusive: 'both' }) ?? momentum,
    weightDecay: number('--weight-decay', given['weight-decay'], AT_LEAST_0) ?? weightDecay,
    batch: number('--batch', given.batch, { min: 1, integer: true }) ?? base.batch,
    epochs: number('--epochs', given.epochs, { min: 1, integer: true }) ?? base.epochs,
    patience: number('--patience', given.patience, { min: 0, integer: true }) ?? null,
    seed: readSeed(given.seed ?? '0', values),
  };
}

/** Returns the configuration with a batch of all examples where there are fewer. */
export function withBatch(config: TrainConfig, examples: number): TrainConfig {
  return { ...config, batch: Math.min(config.batch, examples) };
}

/** @throws UsageError if classes are to count alike, and the data has none */
export function checkBalance(
  { balance }: Pick<TrainConfig, 'balance'>,
  { classes }: Pick<Dataset, 'classes'>,
  { refuse }: OptionValues = TRAIN_VALUES,
): void {
  if (balance && classes === undefined) throw refuse('--balance is for classes, and the data has numbers to learn');
}

/** @throws UsageError if a GPU is named and none is to be used */
export function checkAdapter(
  { reference, adapter }: Pick<TrainOptions, 'reference' | 'adapter'>,
  { refuse }: OptionValues = TRAIN_VALUES,
): void {
  if (reference && adapter !== undefined) throw refuse('--adapter names a GPU, and --reference uses none');
}

/** The options that are for a table alone. */
const TABLE_ONLY = [
  'target',
  'classes',
  'number',
  'delimiter',
  'header',
  'no-header',
  'features',
  'drop',
  'missing',
  'no-standardize',
  'split',
] as const;

/** Returns the first option of `given` that is for a table alone. */
function tableOption(given: TrainOptions): string | undefined {
  const found = TABLE_ONLY.find((name) => given[name] !== undefined);
  return found && `--${found}`;
}

function checkData(given: TrainOptions, preset: PresetName, { refuse }: OptionValues): void {
  if (given.data !== undefined && preset !== 'mnist') {
    throw refuse(`--data is for the preset mnist, and the preset ${preset} makes its own`);
  }
  const option = tableOption(given);
  if (option !== undefined && given.data === undefined) throw refuse(`${option} is for a table, which --data names`);
}

function readTableConfig(given: TrainOptions, values: OptionValues): TableConfig {
  const { refuse, choice } = values;
  const { classes, number, features, drop } = given;
  if (classes && number) throw refuse('--classes and --number exclude each other');
  const names = (text: string | undefined) => (text === undefined ? null : namesIn(text));
  return {
    ...readLayout(given, values),
    target: given.target ?? null,
    task: classes ? 'classes' : number ? 'number' : null,
    columns: names(features),
    drop: names(drop),
    missing: choice('--missing', given.missing ?? 'median', ['median', 'mean', 'drop', 'error']),
    standardize: !given['no-standardize'],
    split: given.split === undefined ? null : splitText(splitOf(given.split, values)),
  };
}

const BY = 'by:';

/** Returns the split that a text of `--split` means. @throws UsageError */
export function splitOf(text: string, { refuse }: OptionValues = TRAIN_VALUES): Split {
  if (text === 'random' || text === 'last') return text;
  if (text.length > BY.length && text.startsWith(BY)) return { by: text.slice(BY.length) };
  throw refuse(`--split must be random, last or ${BY}COLUMN, got ${JSON.stringify(text)}`);
}

/** Returns a split as its option has it. */
export const splitText = (split: Split) => (typeof split === 'string' ? split : `${BY}${split.by}`);

function readHidden(text: string | undefined, { refuse }: OptionValues): number[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  const units = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : 0));
  if (units.every((n) => n >= 1 && Number.isSafeInteger(n))) return units;
  throw refuse(`--hidden must be positive integers such as 128,64, or none, got ${JSON.stringify(text)}`);
}

function readDropout(
  text: string | undefined,
  hidden: readonly number[],
  { refuse }: OptionValues,
): number[] | undefined {
  if (text === undefined) return undefined;
  const rates = text.split(',').map(numberOr);
  if (!rates.every((p) => isInRange(p, DROPOUT_RATE))) {
    throw refuse(`--dropout must be rates in [0, 1) such as 0.5 or 0.2,0.5, got ${JSON.stringify(text)}`);
  }
  if (rates.length === 1) {
    if (hidden.length > 0 || rates[0] === 0) return hidden.map(() => rates[0]);
    throw refuse('--dropout needs a hidden layer, and there is none');
  }
  if (rates.length === hidden.length) return rates;
  throw refuse(`--dropout gives ${rates.length} rates, but the number of hidden layers is ${hidden.length}`);
}

function readSeed(text: string, { refuse }: OptionValues): number | bigint {
  const seed = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (seed < 0n || seed >= 1n << 64n) {
    throw refuse(`--seed must be an integer in [0, 2^64), got ${JSON.stringify(text)}`);
  }
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

/** Returns the names in a list with commas between them; a name that has a comma itself stands in double quotes. */
function namesIn(text: string): string[] {
  const found = text.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g);
  return Array.from(found, ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim());
}
