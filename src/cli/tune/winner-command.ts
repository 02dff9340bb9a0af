import type { Configuration, ConfigurationValue } from '../../tune.js';
import { parseOptions } from '../parse-options.js';
import { commandStart, shellWord } from '../repeat-command.js';
import { readConfig, type TrainConfig } from '../train/config.js';
import { TRAIN_OPTIONS } from '../train/options.js';
import type { TuneConfig } from './config.js';

/** Returns the settings of a trial: those of the search, with the values of its configuration. */
export function configOfTrial({ train }: TuneConfig, configuration: Configuration): TrainConfig {
  const { l2, dropout, learningRate, momentum, weightDecay, hidden: units, activation } = configuration;
  const hidden = units === undefined ? train.hidden : numbers(units);
  const rates = dropout === undefined ? train.dropout : numbers(dropout);
  return {
    ...train,
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
 */
export function winnerCommand(
  config: TuneConfig,
  configuration: Configuration,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const wanted = configOfTrial(config, configuration);
  const words: string[] = [];
  for (const [option, read, field] of FLAGS) {
    const text = read(wanted);
    if (text === undefined) continue;
    // Defaults depend on the options before: momentum has one for each optimizer.
    const known = readConfig(parseOptions('wgrad train', words, TRAIN_OPTIONS));
    if (JSON.stringify(plain(known[field])) === JSON.stringify(plain(wanted[field]))) continue;
    words.push(...(text === '' ? [`--${option}`] : [`--${option}`, text]));
  }
  return [commandStart('train', env, 'tune'), ...words.map(shellWord)].join(' ');
}

const plain = (value: unknown) => (typeof value === 'bigint' ? String(value) : value);

type Flag = readonly [
  option: keyof typeof TRAIN_OPTIONS,
  /** Returns its text; undefined if it cannot be given, '' for a switch. */
  read: (config: TrainConfig) => string | undefined,
  field: keyof TrainConfig,
];

const optional = (value: string | number | null) => (value === null ? undefined : String(value));

/** In the order of the help; an option that decides defaults of others comes before them. */
const FLAGS: readonly Flag[] = [
  ['preset', ({ preset }) => preset, 'preset'],
  ['data', ({ data }) => optional(data), 'data'],
  ['target', ({ target }) => optional(target), 'target'],
  ['classes', ({ classes }) => (classes ? '' : undefined), 'classes'],
  ['examples', ({ examples }) => optional(examples), 'examples'],
  ['hidden', ({ hidden }) => hidden.join() || 'none', 'hidden'],
  ['activation', ({ activation }) => activation, 'activation'],
  ['dropout', ({ dropout }) => (dropout.length === 0 ? undefined : dropoutText(dropout)), 'dropout'],
  ['l2', ({ l2 }) => String(l2), 'l2'],
  ['l2-convention', ({ l2Convention }) => l2Convention, 'l2Convention'],
  ['optimizer', ({ optimizer }) => optimizer, 'optimizer'],
  ['learning-rate', ({ learningRate }) => String(learningRate), 'learningRate'],
  ['momentum', ({ momentum }) => optional(momentum), 'momentum'],
  ['weight-decay', ({ weightDecay }) => optional(weightDecay), 'weightDecay'],
  ['batch', ({ batch }) => String(batch), 'batch'],
  ['epochs', ({ epochs }) => String(epochs), 'epochs'],
  ['seed', ({ seed }) => String(seed), 'seed'],
];

const dropoutText = (rates: readonly number[]) =>
  rates.every((rate) => rate === rates[0]) ? String(rates[0]) : rates.join();
