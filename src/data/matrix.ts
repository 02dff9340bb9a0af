import { checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';

/** Any typed array: `Float64Array`, `Int32Array`, `BigInt64Array`, ... */
export interface NumberArray extends ArrayBufferView {
  readonly length: number;
  readonly [index: number]: number | bigint;
}

/** Numbers in one row-major array, or an array of rows. */
export type Numbers = NumberArray | readonly number[] | readonly (readonly number[] | NumberArray)[];

/** Bytes, which as inputs are pixels. */
export type Bytes = Uint8Array | Uint8ClampedArray;

/** Names for messages about a matrix, and its number of columns where that is known. */
export interface MatrixNames {
  where: string;
  name: string;
  /** The option that gives the number of columns. */
  columnsName: string;
  columns?: number | undefined;
  /** All types that are allowed, for the message. Default: those of `Numbers`. */
  types?: string | undefined;
}

/** True for every typed array. */
export function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** True for bytes. */
export function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array || value instanceof Uint8ClampedArray;
}

/** True for a list whose first element is a list itself. */
export function isNested(value: unknown): value is readonly ArrayLike<unknown>[] {
  return Array.isArray(value) && isList(value[0]);
}

/** True for arrays and typed arrays. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isNumberArray(value);
}

/**
 * Returns the elements [rows, columns] of `value` as float32 (a Float32Array itself, anything else copied) and the
 * number of columns: the length of the rows of `value`, or `columns`.
 * @throws TypeError or RangeError if it is not such an array or lengths do not fit; EngineError of kind `data` if an
 * element is not finite in float32. Rows and columns in messages count from 0.
 */
export function readMatrix(value: unknown, names: MatrixNames): { data: Float32Array; columns: number } {
  const list = checkList(value, names);
  const columns = columnsOf(list, names);
  if (isNested(list)) {
    const data = new Float32Array(list.length * columns);
    for (const [row, cells] of list.entries()) copyElements(cells, data, row * columns, columns, names);
    return { data, columns };
  }
  const data = list instanceof Float32Array ? list : new Float32Array(list.length);
  copyElements(list, data, 0, columns, names);
  return { data, columns };
}

/**
 * Returns inputs [rows, columns] as float32, read as `readMatrix` does; bytes are pixels, read as v / 255 as `dataset` does
 * unless it is given another scale. @throws as `readMatrix` does
 */
export function readInputs(where: string, x: unknown, features: number, types?: string): Float32Array {
  const names = { where, name: 'x', columnsName: 'features', columns: features, types };
  const bytes = isBytes(x) || (isNested(x) && isBytes(x[0])) ? readBytes(x, names).data : undefined;
  return bytes ? Float32Array.from(bytes, (byte) => byte * Math.fround(1 / 255)) : readMatrix(x, names).data;
}

/** Returns bytes, or rows of bytes, in one array, and the number of columns. @throws TypeError or RangeError as `readMatrix` does */
export function readBytes(
  value: Bytes | readonly ArrayLike<unknown>[],
  names: MatrixNames,
): { data: Uint8Array; columns: number } {
  const columns = columnsOf(value, names);
  // A view of its own: `value` may be a Node Buffer, whose slice() does not copy.
  if (isBytes(value)) return { data: new Uint8Array(value.buffer, value.byteOffset, value.length), columns };
  const data = new Uint8Array(value.length * columns);
  for (const [row, cells] of value.entries()) {
    if (!isBytes(cells)) {
      const { where, name } = names;
      throw new TypeError(`${where}: row ${row} of ${name} must hold bytes as row 0 does, got ${show(cells)}`);
    }
    data.set(cells, row * columns);
  }
  return { data, columns };
}

/** Refuses anything but an array of numbers or rows. @throws TypeError naming it */
function checkList(
  value: unknown,
  { where, name, types = 'a typed array, an array of numbers or an array of rows' }: MatrixNames,
): ArrayLike<unknown> {
  if (isList(value)) return value;
  throw new TypeError(`${where}: ${name} must be ${types}, got ${show(value)}`);
}

/** Returns the number of columns of a list of elements or of rows. @throws TypeError or RangeError if lengths do not fit */
function columnsOf(list: ArrayLike<unknown>, names: MatrixNames): number {
  const { where, name, columnsName } = names;
  if (!isNested(list)) return checkColumns(list.length, names);
  const [{ length }] = list;
  const { columns = length } = names;
  for (const [row, cells] of list.entries()) {
    if (!isList(cells)) throw new TypeError(`${where}: row ${row} of ${name} must be an array, got ${show(cells)}`);
    if (cells.length === length) continue;
    throw new RangeError(`${where}: row 0 of ${name} has ${length} columns, row ${row} has ${cells.length}`);
  }
  if (Number.isInteger(columns) && length !== columns) {
    throw new RangeError(`${where}: ${columnsName} is ${columns}, but the rows of ${name} have ${length}`);
  }
  return checkColumns(list.length * length, { ...names, columns });
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

/** Copies elements, which may be in place already. @throws as `checkElement` does */
function copyElements(
  from: ArrayLike<unknown>,
  to: Float32Array,
  start: number,
  columns: number,
  names: Pick<MatrixNames, 'where' | 'name'>,
): void {
  const { length } = from;
  for (let i = 0; i < length; i++) {
    const element = from[i];
    const value = typeof element === 'bigint' ? Number(element) : element;
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
      checkElement(value, start + i, columns, names);
    } else if (from !== to) to[start + i] = value;
  }
}

/** Refuses an element that is no number, or not finite in float32; `i` is its index in row-major order. */
export function checkElement(element: unknown, i: number, columns: number, names: Pick<MatrixNames, 'where' | 'name'>) {
  if (Number.isFinite(element) && Number.isFinite(Math.fround(element as number))) return;
  const place = `at row ${Math.floor(i / columns)}, column ${i % columns}`;
  const message = `${names.where}: ${names.name} holds ${show(element)} ${place}`;
  if (typeof element !== 'number') throw new TypeError(`${message}, which is not a number`);
  throw new EngineError('data', Number.isFinite(element) ? `${message}, which is too large for float32` : message);
}
