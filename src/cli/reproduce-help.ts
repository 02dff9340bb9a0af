import { EXIT } from './exit-code.js';
import { optionLines } from './help.js';
import { REPRODUCE_OPTIONS } from './reproduce-options.js';
import { wrap } from './terminal/wrap.js';

const ABOUT =
  'Trains networks of tables 9 and 2 of Srivastava et al., "Dropout", JMLR 15 (2014), on MNIST, and prints the ' +
  "paper's test errors beside ours.";

/** What `wgrad reproduce --help` prints, in lines of at most `width` columns. */
export function reproduceHelp(width: number): string {
  const { ok, usage, unsupported, diverged, interrupted } = EXIT;
  const codes =
    `Exit codes: ${ok} done, whatever came out; ${usage} a mistake in the options; ${unsupported} no GPU, or one that ` +
    `is too small; ${diverged} a network diverged; ${interrupted} stopped by Ctrl-C.`;
  return `Usage: wgrad reproduce [OPTIONS]

${wrap(ABOUT, width).join('\n')}

Options:
${optionLines(REPRODUCE_OPTIONS, width).join('\n')}

${wrap(codes, width).join('\n')}
`;
}
