import type { Numbers } from '../data/matrix.js';
import { isRecord, show } from '../errors/arguments.js';
import { gapsOf, unusedColumns } from '../table/gaps.js';
import { objectsTable } from '../table/json.js';
import { encodeFeatures, type Preparation } from '../table/preparation.js';
import type { Table } from '../table/table.js';

/** Rows of a table: objects with a value for every column, or what `readTable` returns. */
export type Rows = Table | readonly Readonly<Record<string, unknown>>[];

/** Returns true for a table and for an array of objects. */
export function isRows(value: Numbers | Rows): value is Rows {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (!Array.isArray(value)) return 'columns' in value;
  return isRow(value[0]);
}

function isRow(value: unknown): boolean {
  return isRecord(value) && !ArrayBuffer.isView(value);
}

/** Encodes rows of a table by the preparation of a model; warns once of columns and of values that the model does not know. */
export class RowEncoder {
  readonly #preparation: Preparation;
  readonly #log: (text: string) => void;
  readonly #warned = new Set<string>();

  constructor(preparation: Preparation, log: (text: string) => void) {
    this.#preparation = preparation;
    this.#log = log;
  }

  /**
   * Returns inputs [rows, features].
   * @throws TypeError for what is no row; EngineError of kind `data` naming all columns that are missing
   */
  encode(where: string, rows: Rows): Float32Array {
    const table = 'columns' in rows ? rows : objectsTable(checkedRows(where, rows), []);
    const { features, target } = this.#preparation;
    const x = encodeFeatures(features, table, where);
    const known = new Set([...features, target].map(({ name }) => name));
    for (const sentence of unusedColumns(table, known)) this.#warn('', where, sentence);
    for (const feature of features) {
      if (this.#warned.has(feature.name)) continue;
      const gaps = gapsOf(feature, table);
      if (gaps.length > 0) this.#warn(feature.name, where, gaps.join('; '));
    }
    return x;
  }

  /** Tells a person once of what concerns a column, or of the columns that are not used. */
  #warn(column: string, where: string, what: string): void {
    if (this.#warned.has(column)) return;
    this.#warned.add(column);
    this.#log(`wgrad: ${where}: ${what}`);
  }
}

function checkedRows<Row>(where: string, rows: readonly Row[]): readonly Row[] {
  const bad = rows.findIndex((row) => !isRow(row));
  if (bad < 0) return rows;
  throw new TypeError(`${where}: row ${bad} must be an object such as the others, got ${show(rows[bad])}`);
}
