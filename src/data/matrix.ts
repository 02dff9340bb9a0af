import { checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';

/** Numbers in one row-major array, or an array of rows. */
export type Numbers = Float32Array | readonly number[] | readonly (readonly number[])[];

/** Names for messages about a matrix, and its number of columns where that is known. */
export interface MatrixNames {
  where: string;
  name: string;
  /** The option that gives the number of columns. */
  columnsName: string;
  columns?: number | undefined;
  /** All types that are allowed, for the message. */
  types: string;
}

/**
 * Returns the elements [rows, columns] of `value` as float32 (a Float32Array itself, anything else copied) and the
 * number of columns: the length of the rows of `value`, or `columns`.
 * @throws TypeError or RangeError if it is not such an array or lengths do not fit; EngineError of kind `data` if an
 * element is not finite in float32. Rows and columns in messages count from 0.
 */
export function readMatrix(value: unknown, names: MatrixNames): { data: Float32Array; columns: number } {
  const { where, name } = names;
  const rowLength = Array.isArray(value) && Array.isArray(value[0]) ? value[0].length : undefined;
  const flat = rowLength === undefined ? value : flatten(value as unknown[], rowLength, names);
  if (!(flat instanceof Float32Array) && !Array.isArray(flat)) {
    throw new TypeError(`${where}: ${name} must be ${names.types}, got ${show(value)}`);
  }
  const wanted = names.columns ?? rowLength;
  if (rowLength !== undefined && Number.isInteger(wanted) && rowLength !== wanted) {
    throw new RangeError(`${where}: ${names.columnsName} is ${wanted}, but the rows of ${name} have ${rowLength}`);
  }
  const columns = checkColumns(flat.length, { ...names, columns: wanted });
  for (let i = 0; i < flat.length; i++) checkElement(flat[i], i, columns, names);
  return { data: flat instanceof Float32Array ? flat : Float32Array.from(flat), columns };
}

/**
 * Returns the number of columns of `length` row-major elements.
 * @throws TypeError or RangeError if it is no positive integer, there are no elements, or the last row is not full.
 */
export function checkColumns(length: number, { where, name, columnsName, columns }: MatrixNames): number {
  const checked = checkPositiveInteger(where, columnsName, columns);
  if (length === 0) throw new RangeError(`${where}: ${name} is empty`);
  if (length % checked !== 0) {
    throw new RangeError(
      `${where}: the length of ${name} must be a multiple of ${columnsName} = ${checked}, got ${length}`,
    );
  }
  return checked;
}

/** Refuses an element that is no number, or not finite in float32; `i` is its index in row-major order. */
export function checkElement(element: unknown, i: number, columns: number, names: Pick<MatrixNames, 'where' | 'name'>) {
  if (Number.isFinite(element) && Number.isFinite(Math.fround(element as number))) return;
  const place = `at row ${Math.floor(i / columns)}, column ${i % columns}`;
  const message = `${names.where}: ${names.name} holds ${show(element)} ${place}`;
  if (typeof element !== 'number') throw new TypeError(`${message}, which is not a number`);
  throw new EngineError('data', Number.isFinite(element) ? `${message}, which is too large for float32` : message);
}

function flatten(rows: readonly unknown[], length: number, { where, name }: MatrixNames): unknown[] {
  const flat: unknown[] = [];
  for (const [row, cells] of rows.entries()) {
    if (!Array.isArray(cells)) {
      throw new TypeError(`${where}: row ${row} of ${name} must be an array, got ${show(cells)}`);
    }
    if (cells.length !== length) {
      throw new RangeError(`${where}: row 0 of ${name} has ${length} columns, row ${row} has ${cells.length}`);
    }
    for (const cell of cells) flat.push(cell);
  }
  return flat;
}
