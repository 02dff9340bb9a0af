import { commandHelp } from '../help.js';
import { ADAPTER_OPTION, GENERAL_OPTIONS, type Given, type Options, REFERENCE_OPTION } from '../parse-options.js';
import { TABLE_FILE_OPTIONS } from '../table-file.js';

/** The options of `wgrad predict`, in the order of its help. */
export const PREDICT_OPTIONS = {
  load: { value: 'FILE', text: 'The model: a file that `wgrad train --save`, `wgrad tune --save` or `save()` wrote.' },
  data: {
    value: 'PATH',
    text:
      'The rows: a table (CSV with any delimiter, also .gz; JSON, JSON lines, Parquet) with the columns that the model ' +
      'was trained on, in any order; - for standard input. For a model that was trained on arrays: as many columns of ' +
      'numbers as it has features, an IDX file, or a directory like that of MNIST, of which the test images are taken.',
  },
  out: { value: 'FILE', text: 'Write the predictions here (CSV); default: standard output.' },
  json: { value: 'FILE', text: 'Write predictions and measures here as JSON, with every number as a number.' },
  target: {
    value: 'COLUMN',
    text: 'The column with the right answers, to measure by; default: the one that the model was trained to tell, if it is there.',
  },
  samples: {
    value: 'COUNT',
    text: 'Predict so many times with dropout at work, and add the standard deviation of the answers; at least 2.',
  },
  ...TABLE_FILE_OPTIONS,
  adapter: ADAPTER_OPTION,
  reference: REFERENCE_OPTION,
  ...GENERAL_OPTIONS,
} as const satisfies Options;

export type PredictOptions = Given<typeof PREDICT_OPTIONS>;

const ABOUT =
  'Predicts with a trained model: one line for each row, in their order, with class names and probabilities (p_NAME), or ' +
  'with numbers in the units of the training file. Everything else is told on standard error.';

/** Returns the text of `wgrad predict --help`, in lines of at most `width` columns. */
export function predictHelp(width: number): string {
  const exit = { diverged: null };
  return commandHelp({ command: 'wgrad predict', about: ABOUT, options: { Options: PREDICT_OPTIONS }, exit }, width);
}
