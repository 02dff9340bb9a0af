import { checkPositiveInteger, show } from '../errors/arguments.js';
import { checkElement, isList, type NumberArray } from './matrix.js';

/** Names or codes of classes, one for each example. */
export type LabelList = readonly (string | number | bigint | boolean)[] | NumberArray;

/** The class indices of examples. */
interface ClassIndices {
  readonly y: Uint32Array;
  readonly classes: number;
  readonly classNames?: readonly string[];
}

/**
 * Returns the classes of `labels`: their indices in `classNames`, by default all different labels in ascending order.
 * @throws TypeError or RangeError naming the first label that is no class, with its row
 */
export function readLabels(labels: unknown, classNames: readonly string[] | undefined): ClassIndices {
  if (!isList(labels) || labels.length === 0) {
    const got = isList(labels) ? 'none' : show(labels);
    throw new TypeError(
      `dataset: labels must be an array with the name or the code of each example's class, got ${got}`,
    );
  }
  /** The names of the labels that occur. */
  const found = new Map<unknown, string>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (!found.has(label)) found.set(label, nameOf(label, row));
  }
  const names = classNames ?? sortedNames(found);
  const indices = new Map(names.map((name, index) => [name, index]));
  const y = Uint32Array.from({ length: labels.length }, (_, row) => {
    const index = indices.get(found.get(labels[row]) ?? '');
    if (index !== undefined) return index;
    throw new RangeError(
      `dataset: labels must be among classNames ${names.map(show).join(', ')}, got ${show(labels[row])} at row ${row}`,
    );
  });
  return { y, classes: names.length, classNames: names };
}

/** Returns the name of a label: text, or a whole number. @throws TypeError */
function nameOf(label: unknown, row: number): string {
  if (['string', 'bigint', 'boolean'].includes(typeof label) || Number.isSafeInteger(label)) return String(label);
  throw new TypeError(
    `dataset: labels must hold texts or whole numbers, got ${show(label)} at row ${row}; numbers to learn are y`,
  );
}

/** Returns the different names in ascending order: numbers by their value, anything else by its characters. */
function sortedNames(found: ReadonlyMap<unknown, string>): string[] {
  const names = [...new Set(found.values())];
  const isCodes = [...found.keys()].every((label) => typeof label === 'number' || typeof label === 'bigint');
  return isCodes ? names.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) : names.sort();
}

/** Refuses anything but a list of different names. @throws TypeError or RangeError */
export function checkClassNames(names: unknown): void {
  if (names === undefined) return;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new TypeError(`dataset: classNames must be an array of texts, got ${show(names)}`);
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`dataset: classNames holds ${show(twice)} twice`);
}

/** Returns class indices, checked; `classes` is by default the largest one + 1. @throws TypeError or RangeError naming the row */
export function readIndices(
  y: unknown,
  { classes, classNames }: { classes?: number; classNames?: readonly string[] },
): ClassIndices {
  if (classes !== undefined) checkPositiveInteger('dataset', 'classes', classes);
  if (classNames && classes !== undefined && classes !== classNames.length) {
    throw new RangeError(`dataset: classes is ${classes}, and classNames has ${classNames.length}`);
  }
  if (!isList(y) || isList(y[0])) {
    const got = isList(y) ? 'an array of rows' : show(y);
    throw new TypeError(`dataset: y must be a flat array of class indices when classes is given, got ${got}`);
  }
  if (y.length === 0) throw new RangeError('dataset: y is empty');
  const most = classNames?.length ?? classes;
  const indices = y instanceof Uint32Array ? y : new Uint32Array(y.length);
  let largest = 0;
  for (let row = 0; row < y.length; row++) {
    const element = y[row];
    const index = indexOf(element);
    if (typeof element === 'number' && !Number.isFinite(element)) checkElement(element, row, 1, Y);
    if (!(index >= 0 && index < (most ?? MOST_CLASSES) && Number.isInteger(index))) {
      const range = most === undefined ? 'class indices >= 0' : `integers in [0, ${most - 1}]`;
      const hint = 'labels takes any codes or names';
      throw new RangeError(`dataset: y must hold ${range}, got ${show(element)} at row ${row}; ${hint}`);
    }
    if (indices !== y) indices[row] = index;
    if (index > largest) largest = index;
  }
  return {
    y: indices,
    classes: most ?? largest + 1,
    classNames: classNames && [...classNames],
  };
}

const Y = { where: 'dataset', name: 'y' };
const MOST_CLASSES = 2 ** 32 - 1;

/** Returns an element as a number; NaN for what is none. */
export function indexOf(element: unknown): number {
  return typeof element === 'number' || typeof element === 'bigint' ? Number(element) : Number.NaN;
}
