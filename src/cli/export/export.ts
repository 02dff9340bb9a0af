import { createReferenceEngine, toOnnx } from '../../index.js';
import { EXIT } from '../exit-code.js';
import { command, commandHelp } from '../help.js';
import { openModel, readModelFile } from '../load-model.js';
import { checkFiles, FileWriter } from '../output-files.js';
import { GENERAL_OPTIONS, type Given, type Options, optionValues } from '../parse-options.js';
import { writeFacts } from '../terminal/lines.js';
import { count } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';

/** The options of `wgrad export`, in the order of its help. */
const EXPORT_OPTIONS = {
  load: { value: 'FILE', text: 'The model: a file that `wgrad train --save`, `wgrad tune --save` or `save()` wrote.' },
  to: { value: 'FILE', text: 'Write the model here, as ONNX of opset 17.' },
  ...GENERAL_OPTIONS,
} as const satisfies Options;

const VALUES = optionValues('wgrad export');

/** Runs `wgrad export` and returns the exit code. */
export const exportCommand = command('wgrad export', EXPORT_OPTIONS, exportHelp, exportAsGiven);

async function exportAsGiven({ load, to }: Given<typeof EXPORT_OPTIONS>, terminal: Terminal): Promise<number> {
  if (to === undefined) throw VALUES.refuse('--to FILE names what to write, and it is missing');
  await checkFiles({ '--to': to }, VALUES.refuse, { '--load': load });
  const bytes = await readModelFile(load, VALUES);
  using model = await openModel(createReferenceEngine(), load, bytes); // it computes nothing, so no GPU is needed
  const files = new FileWriter();
  await files.write('--to', to, () => toOnnx(model));
  const { preparation, features } = model;
  const inputs = preparation
    ? `${count(preparation.features.length)} columns: ${preparation.features
        .slice(0, 8)
        .map(({ name }) => name)
        .join(', ')}${preparation.features.length > 8 ? ', ...' : ''}`
    : `x [rows, ${features}]`;
  if (files.written.length > 0)
    writeFacts(terminal, [
      ['Inputs', inputs],
      ['Written', to],
    ]);
  return files.exitCode(EXIT.ok);
}

/** Returns the text of `wgrad export --help`, in lines of at most `width` columns. */
function exportHelp(width: number): string {
  const about =
    'Writes a trained model as ONNX: the preparation of its table, the network, and softmax or sigmoid in one graph. ' +
    'docs/guides/onnx.md describes inputs and outputs. Needs no GPU.';
  const exit = { unsupported: null, diverged: null, lost: null, interrupted: null };
  return commandHelp({ command: 'wgrad export', about, options: { Options: EXPORT_OPTIONS }, exit }, width);
}
