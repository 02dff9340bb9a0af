import { createReferenceEngine, type TrainedModel } from '../../index.js';
import { openEngine, packageVersion, whereOf } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command } from '../help.js';
import { openModel, readModelFile } from '../load-model.js';
import { checkFiles, FileWriter } from '../output-files.js';
import { optionValues } from '../parse-options.js';
import { type Fact, writeFacts } from '../terminal/lines.js';
import { count } from '../terminal/numbers.js';
import { TableBar } from '../terminal/table-bar.js';
import { type Terminal, terminalOf } from '../terminal/terminal.js';
import { checkAdapter } from '../train/config.js';
import { csvOf, jsonOf, predictRows } from './answers.js';
import { measure } from './measure.js';
import { PREDICT_OPTIONS, type PredictOptions, predictHelp } from './options.js';
import { readRows } from './rows.js';

/** Runs `wgrad predict` and returns the exit code. */
export const predict = command('wgrad predict', PREDICT_OPTIONS, predictHelp, predictAsGiven);

const VALUES = optionValues('wgrad predict');

async function predictAsGiven(given: PredictOptions, terminal: Terminal): Promise<number> {
  const { load, data } = given;
  const out = given.out === '-' ? undefined : given.out;
  checkAdapter(given, VALUES);
  await checkFiles({ '--out': out, '--json': given.json }, VALUES.refuse, { '--load': load, '--data': data });
  const samples = VALUES.number('--samples', given.samples, { min: 2, integer: true }) ?? 0;
  const bytes = await readModelFile(load, VALUES);
  const engine = given.reference ? createReferenceEngine() : await openEngine(given.adapter, VALUES.refuse);
  try {
    using model = await openModel(engine, load, bytes);
    if (samples > 0 && !isRandom(model))
      throw VALUES.refuse(`--samples: the model of ${load} has no random layer, such as dropout`);
    const { x, truth, notes } = await readRows(given, model, VALUES);
    const bar = new TableBar(terminalOf(process.stderr, process.env), `predicting ${data}`);
    const onProgress = (share: number) => bar.show(share);
    const answers = await predictRows(model, x, samples, { onProgress }).finally(() => bar.clear());
    const files = new FileWriter();
    if (out === undefined) for (const text of csvOf(answers)) terminal.write(text);
    else await files.write('--out', out, () => joined(csvOf(answers)));
    const measured = truth && measure(answers, truth, model);
    const about = {
      version: packageVersion(),
      model: load,
      data,
      rows: answers.rows,
      measures: measured?.measures ?? null,
    };
    await files.write('--json', given.json, () => joined(jsonOf(answers, about)));
    const facts: Fact[] = [
      ['Predicted', `${count(answers.rows)} ${answers.rows === 1 ? 'row' : 'rows'} on ${whereOf(engine.info)}`],
      ...notes.map((note): Fact => ['Note', note]),
      ...(measured?.lines ?? []),
      ...(files.written.length > 0 ? [['Written', files.written.join(', ')] as const] : []),
    ];
    writeFacts(beside(terminal), facts);
    return files.exitCode(EXIT.ok);
  } finally {
    engine.dispose();
  }
}

/** Returns the bytes of a text that comes in pieces: a string of all of it may be too long. */
const joined = (pieces: Iterable<string>) => Buffer.concat(Array.from(pieces, (text) => Buffer.from(text)));

const RANDOM = [
  'dropout',
  'gaussianDropout',
  'alphaDropout',
  'gaussianNoise',
  'dropConnect',
  'concreteDropout',
  'standout',
];
const isRandom = ({ config }: TrainedModel) => config.layers.some(({ kind }) => RANDOM.includes(kind));

/** Returns the same terminal on standard error: standard output holds the predictions alone. */
function beside(terminal: Terminal): Terminal {
  return { ...terminal, write: (text) => console.error(text.trimEnd()) };
}
