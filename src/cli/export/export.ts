import { createReferenceEngine, type Preparation, toOnnx } from '../../index.js';
import { EXIT } from '../exit-code.js';
import { command, commandHelp } from '../help.js';
import { openModel, readModelFile } from '../load-model.js';
import { checkFiles, FileWriter } from '../output-files.js';
import { GENERAL_OPTIONS, type Given, type Options, optionValues } from '../parse-options.js';
import { type Fact, writeFacts } from '../terminal/lines.js';
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
    writeFacts(terminal, [['Inputs', inputs], ...toPrepare(preparation?.features ?? []), ['Written', to]]);
  return files.exitCode(EXIT.ok);
}

/** Returns what a user of the file has to do that `wgrad predict` does by itself. */
function toPrepare(features: Preparation['features']): Fact[] {
  const hasTexts = features.some((feature) => 'values' in feature);
  const hasNumbers = features.some((feature) => !('values' in feature));
  return [
    ...(hasTexts
      ? ([
          [
            'Texts',
            'in capitals or small letters; ONNX takes no blanks off: do so before, and give a missing one as any unknown value, such as an empty text',
          ],
        ] as const)
      : []),
    ...(hasNumbers
      ? ([
          [
            'Numbers',
            'are not read from texts: give float64, NaN where one is missing, dates as days since 1970-01-01, clock times as hours, 1 and 0 for yes and no',
          ],
        ] as const)
      : []),
  ];
}

/** Returns the text of `wgrad export --help`, in lines of at most `width` columns. */
function exportHelp(width: number): string {
  const about =
    'Writes a trained model as ONNX: the preparation of its table, the network, and softmax or sigmoid in one graph. ' +
    'docs/guides/onnx.md describes inputs and outputs, and what a program has to read by itself that `wgrad predict` reads. Needs no GPU.';
  const exit = { unsupported: null, diverged: null, lost: null, interrupted: null };
  return commandHelp({ command: 'wgrad export', about, options: { Options: EXPORT_OPTIONS }, exit }, width);
}
