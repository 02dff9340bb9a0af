import { type Engine, loadModel, type TrainedModel } from 'wgrad';
import type { PredictionFacts } from '../../contract/protocol.js';
import { refusals } from '../../words/words.js';
import type { LoadedData } from '../data/loaded-data.js';
import type { Experiment } from '../experiment.js';
import type { Run } from '../run.js';
import { annotationsOf } from './annotations.js';

/** Returns the selected run's answer to a row as a person types it. @throws EngineError of kind `data` if it cannot be read */
export async function predictRow(
  { selected, data }: Experiment,
  engine: Engine,
  row: Readonly<Record<string, string>>,
): Promise<PredictionFacts> {
  tableOf(data);
  using model = await modelOf(engine, selected, data);
  const [answer] = await model.predict([row]);
  const { classes } = data;
  const shares = classes ? Array.from(await model.predictProbabilities([row])) : undefined;
  return { run: selected.id, row, answer, probabilities: shares };
}

/** Returns the rows of the table with the selected run's answer to each, as CSV (RFC 4180). */
export async function predictionsCsv({ selected, data }: Experiment, engine: Engine): Promise<string> {
  const { rows: table } = tableOf(data);
  using model = await modelOf(engine, selected, data);
  const answers = await model.predict(table);
  const titles = [...table.columns.map(({ name }) => name), 'prediction'];
  const lines = answers.map((answer, row) => [...table.columns.map(({ cells }) => cells.text(row)), String(answer)]);
  return [titles, ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function tableOf({ table }: LoadedData): NonNullable<LoadedData['table']> {
  if (table) return table;
  throw new Error(refusals.noTable);
}

async function modelOf(engine: Engine, { network }: Run, data: LoadedData): Promise<TrainedModel> {
  return loadModel(engine, await network.save({ ...annotationsOf(data), weightsOnly: true }));
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
