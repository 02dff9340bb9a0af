import type { Configuration, ConfigurationValue } from '../../tune.js';
import { parseOptions } from '../parse-options.js';
import { commandStart, shellWord } from '../repeat-command.js';
import { readConfig, type TrainConfig } from '../train/config.js';
import { TRAIN_OPTIONS } from '../train/options.js';
import { NUMBER_OF_HYPER } from '../train/own-numbers.js';
import { PART_OF_HYPER } from '../train/part-settings.js';
import { SEARCHABLE, type TuneConfig } from './config.js';
import type { TuneOptions } from './options.js';

/** Returns the settings of a trial: those of the search, with the values of its configuration. */
export function configOfTrial({ train }: TuneConfig, configuration: Configuration): TrainConfig {
  const { l2, dropout, learningRate, momentum, weightDecay, hidden: units, activation } = configuration;
  const hidden = units === undefined ? train.hidden : numbers(units);
  const rates = dropout === undefined ? train.dropout : numbers(dropout);
  const parts = Object.entries({ ...PART_OF_HYPER, ...NUMBER_OF_HYPER }).flatMap(([name, setting]) =>
    configuration[name] === undefined ? [] : [[setting, Number(configuration[name])]],
  );
  return {
    ...train,
    ...Object.fromEntries(parts),
    hidden,
    dropout: hidden.map((_, i) => rates[rates.length === hidden.length ? i : 0] ?? 0),
    activation: activation === undefined ? train.activation : String(activation),
    l2: number(l2) ?? train.l2,
    learningRate: number(learningRate) ?? train.learningRate,
    momentum: number(momentum) ?? train.momentum,
    weightDecay: number(weightDecay) ?? train.weightDecay,
  };
}

const number = (value: ConfigurationValue | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

const numbers = (value: ConfigurationValue): number[] => [value].flat().map(Number);

/**
 * Returns the command that trains a configuration of a search by itself, such as its best one: every option that differs
 * from what the preset has, in digits that are read back as the same numbers.
 * @param env decides whether it is `wgrad train` or `npm run train --`
 * @param where the options of the search that name its GPU, or none
 */
export function winnerCommand(
  config: TuneConfig,
  configuration: Configuration,
  env: Readonly<Record<string, string | undefined>>,
  where: Pick<TuneOptions, 'adapter' | 'reference'> = {},
): string {
  const trained = configOfTrial(config, configuration);
  const { adapter, reference } = where;
  const wanted: Settings = { ...settingsOf(trained), adapter, reference };
  const isTable = trained.patience !== null;
  const words: string[] = [];
  // In the order of the help: an option that decides defaults of others comes before them.
  for (const option of Object.keys(TRAIN_OPTIONS)) {
    const field = option.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const text = optionText(field, wanted[field]);
    if (text === undefined) continue;
    // Defaults depend on the options before: momentum has one for each optimizer.
    const known = settingsOf(readConfig(parseOptions('wgrad train', words, TRAIN_OPTIONS)));
    const isDefault = `${known[field]}` === `${wanted[field]}` && !(isTable && BY_TABLE.has(field));
    if (isDefault) continue;
    words.push(...(text === '' ? [`--${option}`] : [`--${option}`, text]));
  }
  const command = [commandStart('train', env, 'tune'), ...words.map(shellWord)].join(' ');
  const isOption = (name: string) => SEARCHABLE.includes(name) || name in NUMBER_OF_HYPER;
  const others = Object.entries(configuration).filter(([name]) => !isOption(name));
  if (others.length === 0) return command;
  return `${command} # without ${others.map(([name, value]) => `${name} ${value}`).join(', ')}: no options of wgrad train`;
}

/** Settings whose defaults depend on a table, so that the command names them. */
const BY_TABLE = new Set(['hidden', 'dropout', 'l2', 'learningRate', 'batch', 'epochs', 'patience']);

type Settings = Readonly<Record<string, unknown>>;

/** Returns a configuration by the names of its options. */
function settingsOf({ table, ...settings }: TrainConfig): Settings {
  const { task, columns, header, standardize, ...reading } = table;
  return {
    ...settings,
    ...reading,
    classes: task === 'classes',
    number: task === 'number',
    features: columns,
    header: header === true,
    noHeader: header === false,
    noStandardize: !standardize,
  };
}

/** Returns a setting as its option has it, '' for a switch; undefined if it needs none. */
function optionText(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return '';
  if (!Array.isArray(value)) return String(value);
  const isOneRate = field === 'dropout' && new Set(value).size === 1;
  return isOneRate ? String(value[0]) : value.join() || 'none';
}
