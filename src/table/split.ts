import { checkOptions, show, suggestion } from '../errors/arguments.js';
import { inPieces } from '../promises/turns.js';
import { permuting, SPLIT_EPOCH } from '../random/permutation.js';
import type { Key } from '../random/philox.js';
import { type TableColumn, valuesInWords } from './column.js';
import { deal } from './deal.js';
import { rowsInWords } from './gaps.js';
import { listOf } from './header.js';
import { readingNumbers, type Split } from './preparation.js';
import { sort } from './sort.js';
import type { Table } from './table.js';
import type { TableTask } from './task.js';

/** The rows of a table in each part. */
interface Parts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Returns `value` if it says which rows to test with. @throws TypeError or RangeError naming what is allowed */
export function checkSplit(where: string, name: string, value: unknown): Split {
  if (value === 'random' || value === 'last') return value;
  if (typeof value !== 'object' || value === null)
    throw new RangeError(`${where}: ${name} must be 'random', 'last' or { by: 'COLUMN' }, got ${show(value)}`);
  checkOptions(`${where}: ${name}`, value, ['by']);
  const { by } = value as { by?: unknown };
  if (typeof by === 'string') return { by };
  throw new TypeError(`${where}: ${name}.by must be the name of a column, got ${show(by)}`);
}

/** Returns the column by which rows are split. @throws RangeError if there is none, or if it has no order */
function splitColumn({ columns }: Table, by: string, target: TableColumn): TableColumn {
  const found = columns.find(({ name }) => name === by);
  const names = columns.map(({ name }) => name);
  if (!found)
    throw new RangeError(
      `prepareTable: split: no column ${show(by)}${suggestion(by, names)}; columns: ${listOf(names)}`,
    );
  if (found === target) throw new RangeError(`prepareTable: split: ${show(by)} is the target`);
  if (['date', 'number', 'index'].includes(found.kind)) return found;
  throw new RangeError(
    `prepareTable: split: '${by}' must hold dates or numbers, got ${valuesInWords(found) || 'no values'}`,
  );
}

/**
 * Returns rows in two parts, each in the order of the table: the others, and the `count` last ones. Yields wherever a caller
 * may let others run.
 * @param values of all rows of the table, by which the last ones are the greatest; of equal ones those further down are later,
 * and missing ones come first. Undefined: the order is that of the table
 */
function* lastRows(
  rows: Uint32Array,
  count: number,
  values: Float64Array | undefined,
): Generator<void, readonly [others: Uint32Array, last: Uint32Array], void> {
  const first = rows.length - count;
  if (!values) return [rows.slice(0, first), rows.slice(first)];
  const known = new Float64Array(rows.length);
  yield* inPieces(rows.length, (start, end) => {
    for (let i = start; i < end; i++) known[i] = orFirst(values[rows[i]]);
  });
  const least = (yield* sort(known.slice()))[first];
  let equal = 0;
  yield* inPieces(rows.length, (start, end) => {
    for (let i = start; i < end; i++) if (known[i] > least) equal++;
  });
  equal = count - equal; // the number of last rows whose value is `least`
  const parts = [new Uint32Array(first), new Uint32Array(count)] as const;
  const left: [number, number] = [first, count];
  yield* inPieces(rows.length, (start, end) => {
    for (let n = start; n < end; n++) {
      const i = rows.length - 1 - n;
      const isLast = known[i] > least || (known[i] === least && equal-- > 0);
      const part = isLast ? 1 : 0;
      parts[part][--left[part]] = rows[i];
    }
  });
  return parts;
}

const orFirst = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);

/** Returns sentences about rows that are split in an order. */
function splitNotes(
  column: TableColumn | undefined,
  values: Float64Array | undefined,
  { validation, test }: Omit<Parts, 'train'>,
): string[] {
  if (!column || !values) return ['the last rows of the file are to test with, and those before them to choose by'];
  const { name, missing } = column;
  const show = (row: number) => valuesInWords({ ...column, range: [values[row], values[row]] }).split(' to ')[0];
  const firstOf = (rows: Uint32Array) => show(rows.reduce((a, b) => (values[b] < values[a] ? b : a)));
  const notes = [
    `rows are split by '${name}': those to test with begin at ${firstOf(test)}, those to choose by at ${firstOf(validation)}`,
  ];
  if (missing > 0) notes.push(`${rowsInWords(missing)} without '${name}' count as the earliest`);
  return notes;
}

/** Returns the rows of each part, dealt at random. */
export function* dealtRows(
  whole: Uint32Array,
  labels: Float64Array,
  task: TableTask,
  key: Key,
  [test, validation]: readonly [number, number],
): Generator<void, Parts, void> {
  const dealt = yield* deal(whole, labels, task, yield* permuting(whole.length, key, SPLIT_EPOCH));
  return {
    test: dealt.slice(0, test),
    validation: dealt.slice(test, test + validation),
    train: dealt.slice(test + validation),
  };
}

/** Returns the rows of each part, in the order of the table or of a column. @param notes gets sentences about them */
export function* rowsInOrder(
  table: Table,
  whole: Uint32Array,
  { target }: TableTask,
  split: Exclude<Split, 'random'>,
  [test, validation]: readonly [number, number],
  notes: string[],
): Generator<void, Parts, void> {
  const column = split === 'last' ? undefined : splitColumn(table, split.by, target);
  const values = column && (yield* readingNumbers(column, column.kind === 'date' ? column : { kind: 'number' }));
  const [before, testRows] = yield* lastRows(whole, test, values);
  const [train, validationRows] = yield* lastRows(before, validation, values);
  notes.push(...splitNotes(column, values, { validation: validationRows, test: testRows }));
  return { train, validation: validationRows, test: testRows };
}
