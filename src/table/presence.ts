import { EngineError } from '../errors/engine-error.js';
import { inPieces } from '../promises/turns.js';
import { isGap, type TableColumn } from './column.js';
import { rowsInWords } from './gaps.js';
import { readingNumbers } from './preparation.js';
import type { Table } from './table.js';
import type { TableTask } from './task.js';

/**
 * Returns the rows that lack none of `values`; yields wherever a caller may let others run.
 * @param values columns, or the numbers of all rows, NaN where they are missing
 */
export function* wholeRows(
  rows: number,
  values: readonly (TableColumn | Float64Array)[],
): Generator<void, Uint32Array, void> {
  const lacks = new Uint8Array(rows);
  for (const each of values) {
    const numbers = each instanceof Float64Array ? each : yield* presence(each);
    yield* inPieces(numbers?.length ?? 0, (start, end) => {
      for (let row = start; row < end; row++) if (Number.isNaN(numbers?.[row])) lacks[row] = 1;
    });
  }
  const found = new Uint32Array(rows);
  let count = 0;
  yield* inPieces(rows, (start, end) => {
    for (let row = start; row < end; row++) if (lacks[row] === 0) found[count++] = row;
  });
  return found.subarray(0, count);
}

/** Returns NaN for each row in which a column lacks its value; undefined if it lacks none. */
function* presence(column: TableColumn): Generator<void, Float64Array | undefined, void> {
  const { missing, kind, cells } = column;
  if (missing === 0) return undefined;
  if (kind === 'number' || kind === 'date') return yield* readingNumbers(column);
  return yield* cells.reading((text) => (isGap(text, kind) ? Number.NaN : 0));
}

const MOST_LINES = 3;

/** Refuses a table with missing values. @throws EngineError of kind `data` naming all columns, and lines */
export function* refuseMissing({ lines }: Table, { target, features }: TableTask): Generator<void, void, void> {
  const faults: string[] = [];
  for (const column of [target, ...features]) {
    const { missing, name } = column;
    const numbers = yield* presence(column);
    if (!numbers) continue;
    const found: number[] = [];
    yield* inPieces(numbers.length, (start, end) => {
      for (let row = start; row < end && found.length < MOST_LINES; row++) {
        if (Number.isNaN(numbers[row])) found.push(lines[row]);
      }
    });
    const more = missing > found.length ? ', ...' : '';
    const lack = missing === 1 ? 'lacks' : 'lack';
    faults.push(`${rowsInWords(missing)} ${lack} '${name}' (line ${found.join(', ')}${more})`);
  }
  if (faults.length > 0) throw new EngineError('data', `table: ${faults.join('; ')}`);
}
