import { EXIT } from '../exit-code.js';
import { optionLines } from '../help.js';
import { wrap } from '../terminal/wrap.js';
import { VERIFY_OPTIONS } from './options.js';

/** What `wgrad verify --help` prints, in lines of at most `width` columns. */
export function verifyHelp(width: number): string {
  const { ok, unexpected, usage, unsupported, lost, interrupted } = EXIT;
  const about =
    'Checks this GPU against a float64 reference: the random numbers of training, every kernel by itself, gradients, ' +
    'and every tensor of training steps, each element within a bound that is derived and not picked. Prints a report; ' +
    'a failure names the kernel, the sizes, the element, and the command that repeats it alone.';
  const codes =
    `Exit codes: ${ok} all was checked and holds; ${unexpected} something does not, or was left out for want of time; ` +
    `${usage} a mistake in the options; ${unsupported} no GPU; ${lost} the GPU was lost; ${interrupted} stopped by Ctrl-C.`;
  return `Usage: wgrad verify [OPTIONS]

${wrap(about, width).join('\n')}

Options:
${optionLines(VERIFY_OPTIONS, width).join('\n')}

${wrap(codes, width).join('\n')}
`;
}
