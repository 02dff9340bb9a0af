import { commandHelp } from '../help.js';
import type { Given, Options } from '../parse-options.js';
import { list, wrap } from '../terminal/lines.js';
import { TRAIN_OPTIONS } from '../train/options.js';

/** How `--strategy` is named. */
export const STRATEGY_NAMES = ['grid', 'random', 'sobol', 'halving', 'population-based'] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** Networks that a search begins with: six values of λ by six of p. */
export const DEFAULT_MEMBERS = 36;
/** Of `--preset mnist`: of few images networks learn too much, which is what is to be seen; small ones take a search minutes. */
export const MNIST_HIDDEN: readonly number[] = [32];
export const MNIST_EXAMPLES = 6000;
export const MNIST_EPOCHS = 10;

const { preset, data, target, classes, activation, optimizer, momentum, batch, adapter, reference } = TRAIN_OPTIONS;

/** The options of `wgrad tune`, in the order of its help. Those of `wgrad train` mean the same. */
export const TUNE_OPTIONS = {
  preset,
  data,
  target,
  classes,
  examples: {
    value: 'COUNT',
    text:
      'How many of the training examples are trained on, from the first; default: all that are not held out, of the ' +
      `images that mnist brings ${MNIST_EXAMPLES}.`,
  },
  hidden: {
    value: 'UNITS',
    text: `Units of the hidden layers, such as 128,64, or none; default: the preset's (mnist: ${MNIST_HIDDEN.join()}).`,
  },
  activation,
  'l2-convention': TRAIN_OPTIONS['l2-convention'],
  optimizer,
  'learning-rate': TRAIN_OPTIONS['learning-rate'],
  momentum,
  'weight-decay': TRAIN_OPTIONS['weight-decay'],
  batch,
  space: {
    value: 'FILE.json',
    text:
      'What is searched, by name, such as {"l2": {"kind": "logUniform", "low": 1e-6, "high": 0.01}}; an array of ' +
      'distributions for dropout gives one a layer; what is not searched is as the options above or the preset have ' +
      'it; default: l2 from 1e-6 to 0.1 and dropout from 0 to 0.5.',
  },
  members: {
    value: 'COUNT',
    text: `Networks that the search begins with, trained side by side; default ${DEFAULT_MEMBERS}.`,
  },
  strategy: { value: 'NAME', text: `How the space is searched: ${list(STRATEGY_NAMES)}; default grid.` },
  epochs: {
    value: 'COUNT',
    text: `Epochs that a network is trained for at most; default: the preset's (mnist: ${MNIST_EPOCHS}).`,
  },
  folds: {
    value: 'COUNT',
    text:
      'Cross-validation: every configuration is trained so often, each time without another part of the training ' +
      'data, by which it is judged; default 0: judged by the last fifth of the training data (5,000 at most), on which ' +
      'nothing is trained.',
  },
  patience: {
    value: 'EPOCHS',
    text: 'Stop a network that got no better for so many epochs, and keep its best weights; default: never.',
  },
  metric: { value: 'NAME', text: 'What is compared: loss or accuracy, of validation; default loss.' },
  seed: TRAIN_OPTIONS.seed,
  adapter,
  reference,
  json: { value: 'FILE', text: 'Write every number of the search.' },
  csv: { value: 'FILE', text: 'Write a line for every trial and epoch.' },
  html: { value: 'FILE', text: 'Write a page with the map, the curves and all trials.' },
  save: { value: 'FILE', text: 'Write the best network (safetensors), from which training can go on.' },
  checkpoint: { value: 'FILE', text: 'Write the search after every rung and on Ctrl-C, to --resume it.' },
  resume: {
    value: 'FILE',
    text: 'Go on with the search that --checkpoint wrote; the other options must be those it was started with.',
  },
  help: TRAIN_OPTIONS.help,
  version: TRAIN_OPTIONS.version,
} as const satisfies Options;

export type TuneOptions = Given<typeof TUNE_OPTIONS>;

const ABOUT =
  'Searches for the hyper-parameters that do best on data not trained on: networks that differ in λ of L2, dropout and ' +
  'whatever else --space names are trained side by side on the GPU. Prints the map of what came out, learning curves of ' +
  'the best, and the command that trains the winner.';

const SPACE =
  'The distributions of a space are {"kind": "uniform", "low": 0, "high": 0.5}, {"kind": "logUniform", "low": 1e-6, ' +
  '"high": 0.01}, {"kind": "integer", "low": 1, "high": 8}, {"kind": "choice", "values": [[128], [128, 64]]} and ' +
  '{"kind": "fixed", "value": 0.1}; the names are l2, dropout, learningRate, momentum, weightDecay, hidden and activation.';

/** Returns the text of `wgrad tune --help`, in lines of at most `width` columns. */
export function tuneHelp(width: number): string {
  const more = [wrap(SPACE, width).join('\n')];
  const exit = { diverged: 'all networks diverged' };
  return commandHelp({ command: 'wgrad tune', about: ABOUT, options: TUNE_OPTIONS, more, exit }, width);
}
