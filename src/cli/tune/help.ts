import { EXIT } from '../exit-code.js';
import { optionLines } from '../help.js';
import { wrap } from '../terminal/wrap.js';
import { TUNE_OPTIONS } from './options.js';

const ABOUT =
  'Searches for the hyper-parameters that do best on data not trained on: networks that differ in λ of L2, dropout and ' +
  'whatever else --space names are trained side by side on the GPU. Prints the map of what came out, learning curves of ' +
  'the best, and the command that trains the winner.';

const SPACE =
  'The distributions of a space are {"kind": "uniform", "low": 0, "high": 0.5}, {"kind": "logUniform", "low": 1e-6, ' +
  '"high": 0.01}, {"kind": "integer", "low": 1, "high": 8}, {"kind": "choice", "values": [[128], [128, 64]]} and ' +
  '{"kind": "fixed", "value": 0.1}; the names are l2, dropout, learningRate, momentum, weightDecay, hidden and activation.';

/** What `wgrad tune --help` prints, in lines of at most `width` columns. */
export function tuneHelp(width: number): string {
  const { ok, usage, unsupported, diverged, lost, interrupted } = EXIT;
  const codes =
    `Exit codes: ${ok} done; ${usage} a mistake in the options or in the data; ${unsupported} no GPU, or one that is too ` +
    `small; ${diverged} all networks diverged; ${lost} the GPU was lost; ${interrupted} stopped by Ctrl-C.`;
  return `Usage: wgrad tune [OPTIONS]

${wrap(ABOUT, width).join('\n')}

Options:
${optionLines(TUNE_OPTIONS, width).join('\n')}

${wrap(SPACE, width).join('\n')}

${wrap(codes, width).join('\n')}
`;
}
