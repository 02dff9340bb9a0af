import { suggestion } from '../../errors/arguments.js';
import { EngineError } from '../../errors/engine-error.js';
import type { Preparation, Table, TableColumn, TrainedModel } from '../../index.js';
import { inTurns } from '../../promises/turns.js';
import { findingGaps, unusedColumns } from '../../table/gaps.js';
import { listOf } from '../../table/header.js';
import { encoding, numbersOf } from '../../table/preparation.js';
import type { OptionValues } from '../parse-options.js';
import { findData, nameOf, readLayout, readTableFile, STDIN, type TableLayout } from '../table-file.js';
import { count } from '../terminal/numbers.js';
import { TableBar } from '../terminal/table-bar.js';
import { terminalOf } from '../terminal/terminal.js';
import { imagesOfDirectory, imagesOfFile, isIdx } from './images.js';
import type { PredictOptions } from './options.js';

/** Rows to predict. */
export interface PredictRows {
  /** Inputs of the model [rows, features]. */
  readonly x: Float32Array;
  /** The column with the right answers, or the classes of images. */
  readonly truth?: TableColumn | Uint32Array | undefined;
  /** Facts that a person should know. */
  readonly notes: readonly string[];
}

/** The parts of a table's reading. */
interface Asked {
  readonly path: string;
  /** The path in messages. */
  readonly name: string;
  readonly target: string | undefined;
  readonly layout: TableLayout;
  readonly refuse: OptionValues['refuse'];
}

/**
 * Returns the rows that the options name, as inputs of a model.
 * @throws UsageError for an option that does not fit; EngineError of kind `format` or `data` for the content of the file
 */
export async function readRows(given: PredictOptions, model: TrainedModel, values: OptionValues): Promise<PredictRows> {
  const { refuse } = values;
  const { data: path, target } = given;
  if (path === undefined) throw refuse('--data PATH names the rows, and it is missing');
  const asked = { path, name: nameOf(path), target, layout: readLayout(given, values), refuse };
  const found = path === STDIN ? undefined : await findData(path, refuse);
  const isDirectory = found?.isDirectory() === true;
  if (model.preparation) {
    if (isDirectory) throw refuse(`--data: ${path} is a directory, and the model is one of a table`);
    return preparedRows(asked, model.preparation);
  }
  if (!isDirectory && !(found?.isFile() && (await isIdx(path)))) return plainRows(asked, model);
  if (target !== undefined) throw refuse(`--target is for a table, and --data ${path} is none`);
  const images = await (isDirectory ? imagesOfDirectory(path, model) : imagesOfFile(path, model));
  return { ...images, notes: [] };
}

/** Reads a table with the columns that a model was trained on. */
async function preparedRows(
  { path, name: where, target, layout, refuse }: Asked,
  preparation: Preparation,
): Promise<PredictRows> {
  const { features } = preparation;
  const fits = ({ columns }: Table) => features.every(({ name }) => columns.some((column) => column.name === name));
  const table = await readTableFile(path, layout, fits);
  const truth = columnOf(table, target, refuse) ?? table.columns.find(({ name }) => name === preparation.target.name);
  const known = new Set([...features, preparation.target, ...(truth ? [truth] : [])].map(({ name }) => name));
  const notes = [...table.notes];
  const bar = new TableBar(terminalOf(process.stderr, process.env), `preparing ${where}`);
  const all = 2 * features.length; // each column is looked through for gaps, and encoded
  let done = 0;
  const next = () => bar.show(++done / all);
  try {
    for (const feature of features) {
      notes.push(...(await inTurns(findingGaps(feature, table))));
      next();
    }
    notes.push(...unusedColumns(table, known));
    return { x: await inTurns(encoding(features, table, where, next)), truth, notes };
  } finally {
    bar.clear();
  }
}

/** Reads a table of as many columns of numbers as a model has features. */
async function plainRows(
  { path, name: where, target, layout, refuse }: Asked,
  { features }: TrainedModel,
): Promise<PredictRows> {
  const table = await readTableFile(path, layout);
  const truth = columnOf(table, target, refuse);
  const columns = table.columns.filter((column) => column !== truth);
  if (columns.length !== features) {
    const hint = columns.length === features + 1 && !truth ? '; --target names the one with the answers' : '';
    throw new EngineError(
      'data',
      `${where}: the model takes ${count(features)} columns, got ${count(columns.length)}${hint}`,
    );
  }
  const x = new Float32Array(table.rows * features);
  const gaps = columns.flatMap((column, i) => {
    const values = numbersOf(column, { kind: 'number' });
    for (let row = 0; row < table.rows; row++) x[row * features + i] = values[row];
    const missing = values.filter(Number.isNaN).length;
    return missing === 0 ? [] : [`'${column.name}' in ${count(missing)}`];
  });
  if (gaps.length === 0) return { x, truth, notes: table.notes };
  throw new EngineError('data', `${where}: numbers are missing; rows without one: ${gaps.slice(0, 8).join(', ')}`);
}

/** Returns the column that `--target` names, if it does. @throws UsageError if there is none of that name */
function columnOf({ columns }: Table, name: string | undefined, refuse: Asked['refuse']): TableColumn | undefined {
  const found = columns.find((column) => column.name === name);
  if (found || name === undefined) return found;
  const names = columns.map((column) => column.name);
  throw refuse(`--target: no column ${JSON.stringify(name)}${suggestion(name, names)}; columns: ${listOf(names)}`);
}
