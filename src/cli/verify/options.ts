import { commandHelp } from '../help.js';
import { ADAPTER_OPTION, GENERAL_OPTIONS, type Given, type Options } from '../parse-options.js';
import { list } from '../terminal/lines.js';
import { ACTIVATION_NAMES, OPTIMIZER_NAMES } from '../train/presets.js';

/** The options of `wgrad verify`, in the order of its help. */
export const VERIFY_OPTIONS = {
  quick: { text: 'Fewer shapes, directions and steps: under a minute on a software GPU.' },
  model: {
    value: 'SIZES',
    text:
      'Check the gradients and steps of this classifier too: features, units of the hidden layers, classes, such as ' +
      '784-512-10; default: small built-in networks.',
  },
  activation: {
    value: 'NAME',
    text: `Activation after each hidden layer of --model: ${list(ACTIVATION_NAMES)}; default relu.`,
  },
  dropout: { value: 'RATE', text: 'Dropout after each hidden layer of --model, in [0, 1); default 0.5.' },
  l2: { value: 'STRENGTH', text: 'λ of the penalty (λ/2)·Σw² of --model; default 0.0001.' },
  optimizer: { value: 'NAME', text: `Optimizer of --model: ${list(OPTIMIZER_NAMES)}; default momentum.` },
  batch: { value: 'EXAMPLES', text: 'Examples in a step of --model; default 64.' },
  load: { value: 'FILE', text: 'Check the model that `wgrad train --save FILE` wrote, from where it stands.' },
  steps: { value: 'COUNT', text: 'Steps of training that are checked; default 3, with --quick 1.' },
  sections: {
    value: 'NAMES',
    text: 'Check some sections alone: randomness, kernels, gradients, steps, separated by commas.',
  },
  kernel: { value: 'NAME', text: 'Check one kernel alone, such as matmul-nn, or one case of it, such as "map relu".' },
  variant: { value: 'NAME', text: 'Check one variant alone, such as tiled.' },
  shape: { value: 'SIZES', text: 'Check --kernel at these sizes alone, such as m=33,n=34,k=35.' },
  seed: {
    value: 'INTEGER',
    text: 'Seed of random shapes and numbers, in [0, 2^32); default: a new one, which is printed.',
  },
  seconds: {
    value: 'COUNT',
    text: 'Begin no check after this time, and say what was left out; default 300, with --quick 60.',
  },
  adapter: ADAPTER_OPTION,
  json: { value: 'FILE', text: 'Write the report as JSON.' },
  ...GENERAL_OPTIONS,
} as const satisfies Options;

export type VerifyGiven = Given<typeof VERIFY_OPTIONS>;

const ABOUT =
  'Checks this GPU against a float64 reference: the random numbers of training, every kernel by itself, gradients, and ' +
  'every tensor of training steps. The bound of each element is derived, not picked. Prints a report; a failure names ' +
  'the kernel, the sizes, the element, and the command that repeats the check alone.';

/** Returns the text of `wgrad verify --help`, in lines of at most `width` columns. */
export function verifyHelp(width: number): string {
  const exit = {
    ok: 'everything was checked and holds',
    unexpected: 'something does not hold, or was left out for lack of time',
    diverged: null,
  };
  return commandHelp({ command: 'wgrad verify', about: ABOUT, options: { Options: VERIFY_OPTIONS }, exit }, width);
}
