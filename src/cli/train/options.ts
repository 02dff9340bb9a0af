import { ADAPTER_OPTION, GENERAL_OPTIONS, type Given, type Options, REFERENCE_OPTION } from '../parse-options.js';
import { TABLE_FILE_OPTIONS } from '../table-file.js';
import { list } from '../terminal/lines.js';
import { NUMBER_OPTIONS } from './own-numbers.js';
import { DROPOUT_OPTIONS, OPTIMIZER_OPTIONS, PENALTY_OPTIONS } from './part-settings.js';
import { ACTIVATION_NAMES, LOSS_NAMES, NORM_NAMES, OPTIMIZER_NAMES, PRESET_NAMES, PRESETS } from './presets.js';

const { hidden, dropout, l2, l2Convention, optimizer, learningRate, batch, epochs } = PRESETS.mnist;
/** Returns the words for a default that presets set, and a table by its size. @param table with the reason */
const preset = (mnist: string | number, table: string | number) =>
  `default: the preset's (mnist: ${mnist}); for a table ${table}`;

const DATA = {
  preset: {
    value: 'NAME',
    text: `What to train: ${list(PRESET_NAMES)}; default mnist. The options below change it piece by piece.`,
  },
  data: {
    value: 'PATH',
    text:
      'Your own data: a table (CSV with any delimiter, also .gz; JSON, JSON lines, Parquet), of which a random fifth is ' +
      'held out to test and a fifth of the rest to choose by; or a directory with the four IDX files of MNIST or a ' +
      'relative of it; default: what the preset brings.',
  },
  load: {
    value: 'FILE',
    text:
      'Go on from a network of --save, on rows of the same columns: network, preparation, batch and seed are those of the ' +
      'file, which also holds out the same rows of the same table.',
  },
  target: { value: 'COLUMN', text: 'The column of a table that is to be learned; default: the last one.' },
  classes: {
    text: 'Learn classes even if they are numbers; default: texts and integers of few values are classes.',
  },
  number: { text: 'Learn a number even if it has few values.' },
  features: { value: 'A,B', text: 'The columns to learn from; default: all that can be used.' },
  drop: { value: 'A,B', text: 'Columns to leave out.' },
  missing: {
    value: 'HOW',
    text: 'Missing numbers: median or mean fill and mark them, drop leaves their rows out, error refuses; default median.',
  },
  'no-standardize': {
    text: 'Leave numbers as they are; default: mean 0 and deviation 1 over the training rows; a target with the loss huber or mean-absolute-error: median 0, interquartile range 1.349.',
  },
  split: {
    value: 'HOW',
    text:
      'The rows of a table to test with: random; last, the last ones of the file; or by:COLUMN, the latest by a column of ' +
      'dates or numbers. Those to choose by come before them. Default: random, which flatters a forecast.',
  },
  ...TABLE_FILE_OPTIONS,
  examples: {
    value: 'COUNT',
    text: 'Number of training examples that are used, from the first; default: all.',
  },
  balance: {
    text:
      'Let rare classes count as much as common ones: an example weighs n / (classes x count of its class), in training and ' +
      'in the validation that stops it; the test is not weighted. Default: every example counts alike.',
  },
} as const;

const NETWORK = {
  loss: {
    value: 'NAME',
    text:
      `Loss: ${list(LOSS_NAMES)}, the first two for classes, the next two for two classes, with one output that says which of ` +
      'them (hinge, that of support vectors, has no probabilities), the others for numbers (huber is not pulled by outliers); ' +
      'default: the first for classes, mean-squared-error for numbers.',
  },
  'huber-delta': NUMBER_OPTIONS['huber-delta'],
  'focal-gamma': NUMBER_OPTIONS['focal-gamma'],
  'label-smoothing': {
    value: 'SHARE',
    text: 'Share of a target that is spread over all classes in training, in [0, 1); for softmax-cross-entropy; default: none.',
  },
  hidden: {
    value: 'UNITS',
    text: `Units of the hidden layers, such as 128,64, or none; ${preset(hidden.join(), '64: wider layers do not end better on few columns')}.`,
  },
  norm: {
    value: 'NAME',
    text: `Normalisation after each hidden layer, before its activation: ${list(NORM_NAMES)}; default: none.`,
  },
  activation: {
    value: 'NAME',
    text: `Activation after each hidden layer: ${list(ACTIVATION_NAMES)}; default relu.`,
  },
  'elu-alpha': NUMBER_OPTIONS['elu-alpha'],
  'leaky-slope': NUMBER_OPTIONS['leaky-slope'],
} as const;

const REGULARIZERS = {
  dropout: {
    value: 'RATE',
    text:
      'Probability of dropping a unit of a hidden layer, in [0, 1): one for all layers, or one for each, such as ' +
      `0.2,0.5; ${preset(dropout, '0.2')}.`,
  },
  ...DROPOUT_OPTIONS,
  l2: {
    value: 'STRENGTH',
    text: `λ of the L2 penalty on weights (not on biases); 0 is none; ${preset(l2, '3 / training rows, at most 0.1, for half, and the same penalty for others: few rows need more of it')}.`,
  },
  'l2-convention': {
    value: 'NAME',
    text: `What λ means: half (λ/2)·Σw², sum λ·Σw², or mean (λ/2m)·Σw² over m training examples; ${preset(l2Convention, l2Convention)}.`,
  },
  ...PENALTY_OPTIONS,
} as const;

const TRAINING = {
  optimizer: { value: 'NAME', text: `Optimizer: ${list(OPTIMIZER_NAMES)}; ${preset(optimizer, optimizer)}.` },
  'learning-rate': {
    value: 'RATE',
    text: `Size of a step; ${preset(learningRate, '0.003')}; for another optimizer 0.001 (adam, adamw), 0.0001 (lion) or 0.01.`,
  },
  momentum: {
    value: 'MU',
    text: 'Momentum of the optimizers momentum, nesterov, sgdw (default 0.9) and rmsprop (default none), in (0, 1).',
  },
  'weight-decay': {
    value: 'DECAY',
    text: 'Weight decay of the optimizers adamw, sgdw (default 0.01) and lion (default 0), decoupled from the gradient.',
  },
  ...OPTIMIZER_OPTIONS,
  batch: {
    value: 'EXAMPLES',
    text: `Examples in a step; ${preset(batch, '32, from 2,000 rows 64, from 10,000 rows 256, less where time is for few epochs')}; all where there are fewer.`,
  },
  epochs: {
    value: 'COUNT',
    text: `Passes through the training data; ${preset(epochs, 'as many as make 3,000 steps, at most 500, and fewer for large ones, so that a software GPU takes less than a minute')}.`,
  },
  patience: {
    value: 'EPOCHS',
    text:
      'Stop after so many epochs without a better validation loss, with the best weights, those before the first epoch ' +
      'included; 0 for never; default: never, ' +
      'or for a table 15 in 100 of all epochs, at least 10, since a network of this size overfits few rows.',
  },
  seed: {
    value: 'INTEGER',
    text: 'Seed of the initial weights, the order, dropout and made-up data; default 0. The same seed gives the same weights.',
  },
} as const;

const MACHINE = {
  adapter: ADAPTER_OPTION,
  debug: {
    value: 'LEVEL',
    text: 'Print on stderr what the GPU does: 1 plans, 2 also the times of dispatches, 3 also WGSL; 4 checks every dispatch too; default 0.',
  },
  reference: REFERENCE_OPTION,
} as const;

const FILES = {
  json: { value: 'FILE', text: 'Write every number of the run as JSON.' },
  report: {
    value: 'FILE',
    text: 'Write an HTML page with charts; default: beside the JSON file, if one is written, ending in .html.',
  },
  save: { value: 'FILE', text: 'Write the trained state (safetensors), from which training can go on.' },
  checkpoint: {
    value: 'FILE',
    text: 'Write a file to --resume from: after every --every epochs, on Ctrl-C and at the end.',
  },
  every: { value: 'EPOCHS', text: 'Epochs from one checkpoint to the next; default 1.' },
  resume: {
    text:
      'Go on from the file of --checkpoint, if it is there, to the same result as without a stop; the other options ' +
      'must be those of the start, but --epochs may be more.',
  },
} as const;

/** The options of `wgrad train` by heading, in the order of its help. */
export const TRAIN_GROUPS = {
  Data: DATA,
  'Network and loss': NETWORK,
  Regularizers: REGULARIZERS,
  'Optimizer and course': TRAINING,
  Machine: MACHINE,
  Files: FILES,
  General: GENERAL_OPTIONS,
} as const satisfies Readonly<Record<string, Options>>;

export const TRAIN_OPTIONS = {
  ...DATA,
  ...NETWORK,
  ...REGULARIZERS,
  ...TRAINING,
  ...MACHINE,
  ...FILES,
  ...GENERAL_OPTIONS,
} as const;

export type TrainOptions = Given<typeof TRAIN_OPTIONS>;
