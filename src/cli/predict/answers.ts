import type { TrainedModel } from '../../index.js';
import { classCount } from '../../train/annotations.js';
import { answersOf, probabilitiesOf } from '../../train/answers.js';

/** A column of predictions. */
export interface AnswerColumn {
  readonly name: string;
  value(row: number): string | number;
}

/** Predictions of rows. */
export interface Answers {
  readonly rows: number;
  readonly columns: readonly AnswerColumn[];
  /** The class of every row by name, or its number; undefined where a row has several. */
  readonly values: readonly (string | number)[] | undefined;
  /** [rows, classes], if there are classes and the loss gives them probabilities. */
  readonly probabilities: Float32Array | undefined;
  /** The names of the classes, or their numbers. */
  readonly classes: readonly string[] | undefined;
}

/** The parts of a prediction of many rows. */
export interface PredictParts {
  /** Numbers of all samples that are held at once. */
  readonly most?: number;
  /** Rows that are predicted at once, without samples. */
  readonly block?: number;
  /** Called now and then, with the share that is done: 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Predicts rows. @param samples passes with dropout, for the deviation of the answers; 0 for none */
export async function predictRows(
  model: TrainedModel,
  x: Float32Array,
  samples: number,
  { most = MOST_DRAWN, block = MOST_ROWS, onProgress = () => {} }: PredictParts,
): Promise<Answers> {
  const rows = x.length / model.features;
  const passes = 1 + samples;
  const outputs = await outputsOf(model, x, block, (done) => onProgress(done / rows / passes));
  const isNumber = model.meaning === 'numbers';
  const answer = (drawn: Float32Array) =>
    isNumber || model.meaning === 'margins' ? drawn : probabilitiesOf(drawn, described(model));
  const sampled = (done: number) => onProgress((1 + (samples * done) / rows) / passes);
  const deviations = samples > 0 ? await deviationsOf(model, x, { samples, most }, answer, sampled) : undefined;
  return { rows, ...(isNumber ? numbers(model, outputs, deviations) : classes(model, outputs, deviations)) };
}

const MOST_ROWS = 2 ** 16;

/** Returns the outputs of all rows, computed for some rows at a time. @param next called with the rows done */
async function outputsOf(
  model: TrainedModel,
  x: Float32Array,
  block: number,
  next: (done: number) => void,
): Promise<Float32Array> {
  const rows = x.length / model.features;
  const outputs = new Float32Array(rows * model.outputs);
  for (let row = 0; row < rows; ) {
    // The last block may have one row more: a row alone goes through another program, whose sums may differ.
    const end = rows - row > block + 1 ? row + block : rows;
    const part = await model.predict(x.subarray(row * model.features, end * model.features));
    outputs.set(part, row * model.outputs);
    row = end;
    next(row);
  }
  return outputs;
}

const MOST_DRAWN = 2 ** 22;

const described = (model: TrainedModel) => ({ ...model, loss: { kind: model.loss, meaning: model.meaning } });

/** Returns the standard deviation over samples of each answer, computed for some rows at a time. @param next called with the rows done */
async function deviationsOf(
  model: TrainedModel,
  x: Float32Array,
  { samples, most }: { readonly samples: number; readonly most: number },
  answer: (outputs: Float32Array) => Float32Array,
  next: (done: number) => void,
): Promise<Float32Array> {
  const size = Math.max(1, Math.floor(most / (samples * model.outputs))) * model.features;
  const parts: Float32Array[] = [];
  for (let start = 0; start < x.length; start += size) {
    const part = parts.length;
    // Masks go by the row of a call and by the step, so that rows of other parts get others.
    const drawn = await model.predictSamples(x.subarray(start, start + size), {
      samples,
      ...(part > 0 && { step: part }),
    });
    const answers = drawn.map(answer);
    parts.push(answers[0].map((_, i) => deviationOf(answers.map((own) => own[i]))));
    next(Math.min(start + size, x.length) / model.features);
  }
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** A number in float32 has no more digits. */
const DIGITS = 7;
/** The scale of numbers that were not standardised. */
const PLAIN = { mean: 0, deviation: 1 };

function classes(
  model: TrainedModel,
  outputs: Float32Array,
  deviations: Float32Array | undefined,
): Omit<Answers, 'rows'> {
  const of = described(model);
  const isMargin = model.meaning === 'margins';
  const shares = isMargin ? outputs : probabilitiesOf(outputs, of);
  const width = isMargin ? model.outputs : (shares.length / outputs.length) * model.outputs;
  const names = model.classes ?? Array.from({ length: classCount(of) ?? width }, (_, i) => String(i));
  const isOneOfThem = model.meaning === 'softmax' || model.outputs === 1;
  const values = isOneOfThem ? answersOf(outputs, of, { name: '', classes: names }) : undefined;
  const perClass = (prefix: string, values: Float32Array) =>
    Array.from({ length: width }, (_, i) => ({
      name: width < names.length ? prefix : `${prefix}_${names[i]}`,
      value: (row: number) => rounded(values[row * width + i]),
    }));
  const columns = [
    ...(values ? [{ name: 'prediction', value: (row: number) => values[row] }] : []),
    ...perClass(isMargin ? 'margin' : 'p', shares),
    ...(deviations ? perClass('deviation', deviations) : []),
  ];
  return { columns, values, probabilities: isMargin ? undefined : shares, classes: names };
}

function numbers(
  model: TrainedModel,
  outputs: Float32Array,
  deviations: Float32Array | undefined,
): Omit<Answers, 'rows'> {
  const target = model.preparation?.target;
  const { mean, deviation } = target && 'mean' in target ? target : PLAIN;
  const width = model.outputs;
  const perOutput = (name: string, value: (i: number) => number) =>
    Array.from({ length: width }, (_, i) => ({
      name: width === 1 ? name : `${name}_${i}`,
      value: (row: number) => rounded(value(row * width + i), deviation === 1 && mean === 0 ? undefined : deviation),
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
function rounded(value: number, unit?: number): number {
  if (unit === undefined) return Number(value.toPrecision(DIGITS));
  const decimals = Math.min(100, Math.max(0, DIGITS - 1 - Math.floor(Math.log10(unit))));
  return Number(value.toFixed(decimals));
}

/** Lines that are made at once: a text of all of them may be longer than a string can be. */
const LINES = 10_000;

/** Yields predictions as CSV (RFC 4180, lines end in \n), in pieces: a line of names, then one for each row. */
export function* csvOf({ rows, columns }: Answers): Generator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join()}\n`;
  yield* linesOf(rows, (row) => `${columns.map((column) => quoted(String(column.value(row)))).join()}\n`);
}

/** Yields predictions as JSON, in pieces: the entries of `about`, then `predictions`, an object for each row. */
export function* jsonOf({ rows, columns }: Answers, about: object): Generator<string> {
  yield `${JSON.stringify(about, null, 2).slice(0, -2)},\n  "predictions": [\n`;
  yield* linesOf(rows, (row) => {
    const answer = Object.fromEntries(columns.map((column) => [column.name, column.value(row)]));
    return `    ${JSON.stringify(answer)}${row < rows - 1 ? ',' : ''}\n`;
  });
  yield '  ]\n}\n';
}

function* linesOf(rows: number, line: (row: number) => string): Generator<string> {
  for (let start = 0; start < rows; start += LINES) {
    let text = '';
    for (let row = start; row < Math.min(rows, start + LINES); row++) text += line(row);
    yield text;
  }
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
