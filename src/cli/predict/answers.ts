import type { TrainedModel } from '../../index.js';
import { answersOf, probabilitiesOf } from '../../train/answers.js';

/** A column of predictions; a row's value is text. */
export interface AnswerColumn {
  readonly name: string;
  text(row: number): string;
}

/** Predictions of rows. */
export interface Answers {
  readonly rows: number;
  readonly columns: readonly AnswerColumn[];
  /** The class of every row by name, or its number; undefined where a row has several. */
  readonly values: readonly (string | number)[] | undefined;
  /** [rows, classes], if there are classes. */
  readonly probabilities: Float32Array | undefined;
  /** The names of the classes, or their numbers. */
  readonly classes: readonly string[] | undefined;
}

/** Predicts rows. @param samples passes with dropout, for the deviation of the answers; 0 for none */
export async function predictRows(model: TrainedModel, x: Float32Array, samples: number): Promise<Answers> {
  const rows = x.length / model.features;
  const outputs = await model.predict(x);
  const drawn = samples > 0 ? await model.predictSamples(x, { samples }) : [];
  const made = model.loss === 'meanSquaredError' ? numbers(model, outputs, drawn) : classes(model, outputs, drawn);
  return { rows, ...made };
}

/** A number in float32 has no more digits. */
const DIGITS = 7;
/** The scale of numbers that were not standardised. */
const PLAIN = { mean: 0, deviation: 1 };

function classes(model: TrainedModel, outputs: Float32Array, drawn: readonly Float32Array[]): Omit<Answers, 'rows'> {
  const of = { ...model, loss: { kind: model.loss } };
  const probabilities = probabilitiesOf(outputs, of);
  const width = (probabilities.length / outputs.length) * model.outputs;
  const names = model.classes ?? Array.from({ length: width }, (_, i) => String(i));
  const isOneOfThem = model.loss !== 'binaryCrossEntropy' || model.outputs === 1;
  const values = isOneOfThem ? answersOf(outputs, of, { name: '', classes: names }) : undefined;
  const deviations = deviationsOf(drawn.map((sample) => probabilitiesOf(sample, of)));
  const perClass = (prefix: string, shares: Float32Array | Float64Array) =>
    names.map((name, i) => ({
      name: `${prefix}_${name}`,
      text: (row: number) => rounded(shares[row * width + i]),
    }));
  const columns = [
    ...(values ? [{ name: 'prediction', text: (row: number) => String(values[row]) }] : []),
    ...perClass('p', probabilities),
    ...(deviations ? perClass('deviation', deviations) : []),
  ];
  return { columns, values, probabilities, classes: names };
}

function numbers(model: TrainedModel, outputs: Float32Array, drawn: readonly Float32Array[]): Omit<Answers, 'rows'> {
  const target = model.preparation?.target;
  const { mean, deviation } = target && 'mean' in target ? target : PLAIN;
  const width = model.outputs;
  const deviations = deviationsOf(drawn);
  const perOutput = (name: string, value: (i: number) => number) =>
    Array.from({ length: width }, (_, i) => ({
      name: width === 1 ? name : `${name}_${i}`,
      text: (row: number) => rounded(value(row * width + i), deviation === 1 && mean === 0 ? undefined : deviation),
    }));
  const inFile = (i: number) => outputs[i] * deviation + mean;
  const columns = [
    ...perOutput('prediction', inFile),
    ...(deviations ? perOutput('deviation', (i) => deviations[i] * deviation) : []),
  ];
  const values = width === 1 ? Array.from(outputs, (_, i) => inFile(i)) : undefined;
  return { columns, values, probabilities: undefined, classes: undefined };
}

/** Returns a number without digits that float32 does not have. @param unit the deviation by which it was standardised */
function rounded(value: number, unit?: number): string {
  if (unit === undefined) return String(Number(value.toPrecision(DIGITS)));
  const decimals = Math.min(100, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(unit))));
  return String(Number(value.toFixed(decimals)));
}

/** Returns the standard deviation over samples of each number; undefined if there are none. */
function deviationsOf(samples: readonly Float32Array[]): Float64Array | undefined {
  if (samples.length === 0) return undefined;
  return Float64Array.from(samples[0], (_, i) => {
    const mean = samples.reduce((sum, sample) => sum + sample[i], 0) / samples.length;
    const squares = samples.reduce((sum, sample) => sum + (sample[i] - mean) ** 2, 0);
    return Math.sqrt(squares / (samples.length - 1));
  });
}

/** Lines that are made at once: a text of all of them may be longer than a string can be. */
const LINES = 10_000;

/** Yields predictions as CSV (RFC 4180, lines end in \n), in pieces: a line of names, then one for each row. */
export function* csvOf({ rows, columns }: Answers): Generator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join()}\n`;
  for (let start = 0; start < rows; start += LINES) {
    let text = '';
    for (let row = start; row < Math.min(rows, start + LINES); row++) {
      text += `${columns.map((column) => quoted(column.text(row))).join()}\n`;
    }
    yield text;
  }
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
