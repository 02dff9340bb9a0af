import { checkPositiveInteger, show } from '../errors/arguments.js';

/** One class: its index, or its name. */
export type Label = number | bigint | string | boolean;

/** One label for each example, in any kind of array. */
export type Labels = ArrayLike<Label>;

export interface LabelOptions {
  /**
   * The number of classes, or all of them in their order: the labels themselves, or the names of class indices. Default: the
   * labels that occur, ascending.
   */
  classes?: number | readonly Label[] | undefined;
}

/** True and predicted labels as indices of classes. */
export interface LabelPair {
  /** The name of each class. */
  readonly names: readonly string[];
  readonly truth: Uint32Array;
  readonly predicted: Uint32Array;
}

/** More different labels than this are numbers, not classes. */
const MOST_CLASSES = 10_000;

/**
 * Returns true and predicted labels as indices of classes.
 * @throws TypeError or RangeError naming `where` and the label that is wrong
 */
export function readLabels(where: string, truth: Labels, predicted: Labels, { classes }: LabelOptions): LabelPair {
  const kind = checkLabels(where, 'truth', truth);
  checkLabels(where, 'predicted', predicted, kind);
  if (truth.length !== predicted.length) {
    throw new RangeError(`${where}: truth has ${truth.length} labels, predicted has ${predicted.length}`);
  }
  const known = classes === undefined ? undefined : readClasses(where, classes, kind);
  const labels = known ? known.labels : differentLabels(where, truth, predicted);
  const places = new Map(labels.map((label, i) => [label, i]));
  const indices = (name: string, values: Labels) =>
    Uint32Array.from(values, (label, i) => {
      const place = places.get(label);
      if (place !== undefined) return place;
      throw new RangeError(`${where}: ${name}[${i}] must be ${allowed(labels)}, got ${show(label)}`);
    });
  return {
    names: known?.names ?? labels.map(String),
    truth: indices('truth', truth),
    predicted: indices('predicted', predicted),
  };
}

/** Returns the type that all labels have. @throws TypeError or RangeError if they are no labels of one type */
export function checkLabels(where: string, name: string, labels: Labels, type?: string): string {
  const isArray = Array.isArray(labels) || (ArrayBuffer.isView(labels) && !(labels instanceof DataView));
  if (!isArray) throw new TypeError(`${where}: ${name} must be an array of labels, got ${show(labels)}`);
  if (labels.length === 0) throw new RangeError(`${where}: ${name} is empty`);
  const wanted = type ?? typeof labels[0];
  for (let i = 0; i < labels.length; i++) {
    const label: unknown = labels[i];
    const isLabel = TYPES.includes(typeof label) && !Number.isNaN(label);
    if (isLabel && typeof label === wanted) continue;
    const like = isLabel ? `a ${wanted}, as truth[0] is` : 'a number, a bigint, a string or a boolean';
    throw new TypeError(`${where}: ${name}[${i}] must be ${like}, got ${show(label)}`);
  }
  return wanted;
}

const TYPES = ['number', 'bigint', 'string', 'boolean'];

/** Returns the labels and the names of the classes that an option gives. */
function readClasses(where: string, classes: number | readonly Label[], kind: string) {
  if (typeof classes === 'number') checkPositiveInteger(where, 'classes', classes);
  else if (!Array.isArray(classes)) {
    throw new TypeError(`${where}: classes must be a number or an array of labels, got ${show(classes)}`);
  }
  const size = typeof classes === 'number' ? classes : classes.length;
  checkSize(where, size);
  const indices = () => Array.from({ length: size }, (_, i): Label => (kind === 'bigint' ? BigInt(i) : i));
  if (typeof classes === 'number') {
    if (kind === 'number' || kind === 'bigint') return { labels: indices(), names: indices().map(String) };
    throw new TypeError(`${where}: classes must be an array of all labels where labels are no indices, got ${classes}`);
  }
  if (new Set(classes).size < size) throw new RangeError(`${where}: classes must differ, got ${show(classes)}`);
  const namesIndices = kind !== 'string' && classes.every((name) => typeof name === 'string');
  return { labels: namesIndices ? indices() : classes, names: classes.map(String) };
}

function differentLabels(where: string, truth: Labels, predicted: Labels): Label[] {
  const found = new Set<Label>();
  for (const labels of [truth, predicted]) for (let i = 0; i < labels.length; i++) found.add(labels[i]);
  checkSize(where, found.size);
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

function checkSize(where: string, classes: number): void {
  if (classes >= 1 && classes <= MOST_CLASSES) return;
  const hint = classes > MOST_CLASSES ? '; numbers are measured by regressionReport' : '';
  throw new RangeError(`${where}: the number of classes must be 1 to ${MOST_CLASSES}, got ${classes}${hint}`);
}

function allowed(labels: readonly Label[]): string {
  const shown = labels.slice(0, 8).map(show).join(', ');
  return labels.length === 1 ? shown : `one of ${shown}${labels.length > 8 ? ', ...' : ''}`;
}
