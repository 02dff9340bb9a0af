import { suggestion } from '../errors/arguments.js';
import { packageVersion } from './environment.js';
import { EXIT } from './exit-code.js';
import { exportCommand } from './export/export.js';
import { COMMANDS, mainHelp } from './help.js';
import { UsageError } from './parse-options.js';
import { predict } from './predict/predict.js';
import type { Terminal } from './terminal/terminal.js';
import { train } from './train/train.js';
import { tune } from './tune/tune.js';
import { verifyCommand } from './verify/verify.js';
import { work } from './work/work.js';

const HINT = '"wgrad --help" lists the commands.';

/** Runs `wgrad` with its arguments and returns the exit code. */
export async function run([command, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (command === undefined) throw new UsageError('wgrad: a command is missing', HINT);
  if (command === '--help' || command === '-h') terminal.write(mainHelp(packageVersion()));
  else if (command === '--version') terminal.write(`${packageVersion()}\n`);
  else if (command === 'train') return train(rest, terminal);
  else if (command === 'verify') return verifyCommand(rest, terminal);
  else if (command === 'tune') return tune(rest, terminal);
  else if (command === 'work') return work(rest, terminal);
  else if (command === 'predict') return predict(rest, terminal);
  else if (command === 'export') return exportCommand(rest, terminal);
  else {
    const noun = command.startsWith('-') ? 'option' : 'command';
    const known = noun === 'option' ? ['--help', '--version'] : Object.keys(COMMANDS);
    throw new UsageError(`wgrad: unknown ${noun} '${command}'${suggestion(command, known)}`, HINT);
  }
  return EXIT.ok;
}
