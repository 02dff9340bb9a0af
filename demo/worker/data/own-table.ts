import { type PreparedTable, prepareTableInTurns, type Table, take } from 'wgrad';
import type { ColumnFacts, TableFacts } from '../../contract/protocol.js';
import { LIMITS } from '../../contract/state.js';
import { refusals, worker as words } from '../../words/words.js';
import { withNoise } from './label-noise.js';
import { type LoadedData, MOST_MEASURED } from './loaded-data.js';
import type { OwnFile, OwnOptions } from './own-file.js';

/** Most classes that the page can show. */
const MOST_CLASSES = 50;
/** Most values of a category that the page is told. */
const MOST_VALUES = 12;

/** A person's own table. The seed deals its rows to training, validation and test; numbers are standardised by the training rows. */
export class OwnTable implements OwnFile {
  readonly #table: Table;
  readonly #name: string;
  readonly #origin: string;
  /** The last preparation, and what it was of. */
  #last: { readonly key: string; readonly prepared: Promise<PreparedTable> } | undefined;

  /** @param origin where the table is from, as a sentence */
  constructor(table: Table, name: string, origin: string) {
    this.#table = table;
    this.#name = name;
    this.#origin = origin;
  }

  async size(options: OwnOptions, onProgress?: (share: number) => void) {
    const { train } = await this.#prepare(options, onProgress);
    const { examples, features } = train;
    return { examples, features };
  }

  async load(options: OwnOptions): Promise<LoadedData> {
    const prepared = await this.#prepare(options);
    const { task, preparation, train, validation, test } = prepared;
    const { noise, seed, examples } = options;
    const isNumber = task.task === 'number';
    return {
      name: 'own',
      title: this.#name,
      source: words.target(this.#origin, task.target.name, isNumber),
      train: withNoise(take(train, Math.min(examples, train.examples)), { noise, seed, part: 'train' }),
      validation: withNoise(some(validation), { noise, seed, part: 'validation' }),
      test: withNoise(some(test), { noise, seed, part: 'test' }),
      available: train.examples,
      classes: isNumber ? undefined : task.classes,
      table: { facts: tableFacts(this.#table, prepared), rows: this.#table, preparation },
    };
  }

  #prepare({ seed, table: choice = {} }: OwnOptions, onProgress?: (share: number) => void): Promise<PreparedTable> {
    const key = JSON.stringify([seed, choice]);
    if (this.#last?.key === key) return this.#last.prepared;
    const { target, task, drop } = choice;
    const prepared = prepareTableInTurns(this.#table, { target, task, drop, seed, onProgress }).then(usable);
    this.#last = { key, prepared };
    return prepared;
  }
}

const some = (data: PreparedTable['test']) => take(data, Math.min(MOST_MEASURED, data.examples));

/** @throws Error if the page cannot show so many classes */
export function checkClasses(count: number): void {
  if (count > MOST_CLASSES) throw new Error(refusals.classesMost(count, MOST_CLASSES));
  if (count === 1) throw new Error(refusals.oneClass);
}

/** Returns the table. @throws Error if the page cannot train on it */
function usable(prepared: PreparedTable): PreparedTable {
  const { examples } = prepared.train;
  checkClasses(prepared.task.classes.length);
  if (examples >= LIMITS.examples.min) return prepared;
  throw new Error(refusals.fewExamples(examples, LIMITS.examples.min));
}

function tableFacts(table: Table, { task, notes }: PreparedTable): TableFacts {
  const reasons = new Map(task.leftOut.map(({ name, reason }) => [name, reason]));
  const columns = table.columns.map(
    ({ name, kind, missing, distinct, values, range, cells }): ColumnFacts => ({
      name,
      kind,
      missing,
      distinct,
      values: values?.slice(0, MOST_VALUES),
      range,
      first: cells.text(0),
      leftOut: reasons.get(name),
    }),
  );
  // The page deals rows at random: advice to split them otherwise is for programs and the command line.
  const told = [...table.notes, ...notes].map((note) => note.replace(/; split by .*/, ''));
  return { rows: table.rows, target: task.target.name, task: task.task, columns, notes: told };
}
