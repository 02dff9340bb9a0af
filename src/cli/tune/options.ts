import { commandHelp } from '../help.js';
import type { Given, Options } from '../parse-options.js';
import { list, wrap } from '../terminal/lines.js';
import { TRAIN_GROUPS } from '../train/options.js';

/** The names of `--strategy`. */
export const STRATEGY_NAMES = [
  'grid',
  'random',
  'sobol',
  'halving',
  'hyperband',
  'tpe',
  'gaussian-process',
  'population-based',
  'asynchronous-halving',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** Networks that a search begins with: six values of λ by six of p. */
export const DEFAULT_MEMBERS = 36;
/** For `--preset mnist`: few images show overfitting best, and with small networks a search takes minutes. */
export const MNIST_HIDDEN: readonly number[] = [32];
export const MNIST_EXAMPLES = 6000;
export const MNIST_EPOCHS = 10;

const { load: _load, balance, examples: _examples, ...READING } = TRAIN_GROUPS.Data;
const { hidden: _hidden, ...NETWORK } = TRAIN_GROUPS['Network and loss'];
const { dropout: _dropout, l2: _l2, ...OTHERS } = TRAIN_GROUPS.Regularizers;
/** A search varies the first two, unless they or --space say otherwise. */
const REGULARIZERS = {
  dropout: {
    value: 'RATE',
    text: 'Probability of dropping a unit of a hidden layer, in [0, 1), in all networks: one, or one for each layer; default: varied.',
  },
  l2: {
    value: 'STRENGTH',
    text: 'λ of the L2 penalty on weights (not on biases), in all networks; 0 is none; default: varied.',
  },
  ...OTHERS,
} as const;
const { epochs: _epochs, patience: _patience, ...TRAINING } = TRAIN_GROUPS['Optimizer and course'];
const { debug: _debug, ...MACHINE } = TRAIN_GROUPS.Machine;
const { checkpoint, every } = TRAIN_GROUPS.Files;

/** The options of `wgrad tune` by heading, in the order of its help. Those of `wgrad train` mean the same. */
const TUNE_GROUPS = {
  Data: {
    ...READING,
    examples: {
      value: 'COUNT',
      text: `Number of examples that are trained on, from the first; default: all that are not held out (mnist: ${MNIST_EXAMPLES}).`,
    },
    balance,
  },
  'Network and loss': {
    hidden: {
      value: 'UNITS',
      text: `Units of the hidden layers, such as 128,64, or none; default: the preset's (mnist: ${MNIST_HIDDEN.join()}; a table: 64).`,
    },
    ...NETWORK,
  },
  Regularizers: REGULARIZERS,
  'Optimizer and course': TRAINING,
  Search: {
    space: {
      value: 'FILE.json',
      text:
        'Distributions by name, such as {"l2": {"kind": "logUniform", "low": 1e-6, "high": 0.01}}; an array of ' +
        'distributions for dropout gives one to each layer. Other settings stay as the options above or the preset have ' +
        'them; default: l2 from 1e-6 to 0.1 and dropout from 0 to 0.5, as far as no option fixes them.',
    },
    members: {
      value: 'COUNT',
      text: `Networks that the search tries, or begins with where the strategy copies some; default ${DEFAULT_MEMBERS}. Hyperband has its own number.`,
    },
    strategy: {
      value: 'NAME',
      text:
        `Strategy of the search: ${list(STRATEGY_NAMES)}; default grid. halving and hyperband stop the worst early; tpe and ` +
        'gaussian-process choose what to try next by what they have seen: for fewer, longer trainings. asynchronous-halving is for --workers and keeps all of them busy.',
    },
    epochs: {
      value: 'COUNT',
      text: `Most epochs that a network is trained for; default: the preset's (mnist: ${MNIST_EPOCHS}), or for a table by its rows, as \`wgrad train\` has it.`,
    },
    folds: {
      value: 'COUNT',
      text:
        'Cross-validation: train every configuration so often, each time judged by another part of the training data, ' +
        'which is left out of training; default 0: judged by the last fifth of the training data (5,000 at most), which ' +
        'no network is trained on.',
    },
    patience: {
      value: 'EPOCHS',
      text: 'Stop a network that has not improved for so many epochs, and keep its best weights; default: never, or for a table a seventh of all epochs.',
    },
    metric: { value: 'NAME', text: 'Compare networks by validation loss or accuracy; default loss.' },
    repeats: {
      value: 'SEEDS',
      text: 'Train the three best again from so many other seeds, side by side, and say how much their scores vary; default 0: not.',
    },
  },
  Machine: MACHINE,
  'Several machines': {
    workers: {
      value: 'ADDRESS',
      text:
        'Train on the workers of a Postgres database, postgres://USER@HOST/DATABASE, where `wgrad work` has the same address; ' +
        'or on so many of this machine: local:2. PGPASSWORD may hold the password. The database keeps the search until it ' +
        'ends: the same command goes on. Default: train in this process.',
    },
    'job-trials': {
      value: 'COUNT',
      text: 'Networks that a worker trains side by side at most; default: those of a round, shared out evenly.',
    },
    adapters: {
      value: 'NAME',
      text: 'one: all workers must have the kind of GPU that the first one has, so that the result is one of that kind; any: take all, and mark what each has trained; default one.',
    },
    'by-path': {
      text: 'Workers read the data themselves, at the same path; a worker whose data differ is refused. Default: workers get the data from the database.',
    },
  },
  Files: {
    json: { value: 'FILE', text: 'Write every number of the search as JSON.' },
    csv: { value: 'FILE', text: 'Write a line for every trial and epoch.' },
    html: { value: 'FILE', text: 'Write an HTML page with the map, the curves and all trials.' },
    save: { value: 'FILE', text: 'Write the best network (safetensors), from which training can go on.' },
    checkpoint,
    every,
    resume: {
      text:
        'Go on from the file of --checkpoint, if it is there, to the same result as without a stop; the other options ' +
        'must be those of the start.',
    },
  },
  General: TRAIN_GROUPS.General,
} as const satisfies Readonly<Record<string, Options>>;

export const TUNE_OPTIONS = {
  ...TUNE_GROUPS.Data,
  ...TUNE_GROUPS['Network and loss'],
  ...TUNE_GROUPS.Regularizers,
  ...TUNE_GROUPS['Optimizer and course'],
  ...TUNE_GROUPS.Search,
  ...TUNE_GROUPS.Machine,
  ...TUNE_GROUPS['Several machines'],
  ...TUNE_GROUPS.Files,
  ...TUNE_GROUPS.General,
} as const;

export type TuneOptions = Given<typeof TUNE_OPTIONS>;

const ABOUT =
  'Searches for the hyper-parameters that do best on held-out data. Networks that differ in λ of L2, dropout and whatever ' +
  'else --space names are trained side by side on the GPU. Prints a map of the results, learning curves of the best, and ' +
  'the command that trains the winner.';

const SPACE =
  'The distributions of a space are {"kind": "uniform", "low": 0, "high": 0.5}, {"kind": "logUniform", "low": 1e-6, ' +
  '"high": 0.01}, {"kind": "integer", "low": 1, "high": 8}, {"kind": "choice", "values": [[128], [128, 64]]} and ' +
  '{"kind": "fixed", "value": 0.1}; the names are l2, dropout, learningRate, momentum, weightDecay, hidden and activation, and ' +
  'of parts noise, mixup, l1, elasticNet, l1Ratio, groupLasso, activity, maxNorm, clipNorm, clipValue and emaDecay, whether or not their ' +
  'options are given; also any other hyper-parameter of the model, such as beta1, or dense0.l1 for one layer.';

/** Returns the text of `wgrad tune --help`, in lines of at most `width` columns. */
export function tuneHelp(width: number): string {
  const more = [wrap(SPACE, width).join('\n')];
  const exit = { diverged: 'all networks diverged' };
  return commandHelp({ command: 'wgrad tune', about: ABOUT, options: TUNE_GROUPS, more, exit }, width);
}
