import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { permutation, SPLIT_EPOCH } from '../random/permutation.js';
import { type Seed, seedKey } from '../random/seed.js';
import { checkClassNames, type LabelList, readIndices, readLabels } from './labels.js';
import { isBytes, isNested, isNumberArray, type Numbers, readBytes, readMatrix } from './matrix.js';

/** Examples and what is to be learned from them, checked by `dataset`. Both arrays are row-major without gaps. */
export interface Dataset {
  readonly examples: number;
  /** Columns of `x`. */
  readonly features: number;
  /** [examples, features]; a u8 v is read as v * scale + offset. */
  readonly x: Float32Array | Uint8Array;
  /** Class indices [examples] (Uint32Array), or targets [examples, outputs] (Float32Array). */
  readonly y: Uint32Array | Float32Array;
  /** Columns of `y`; 1 for class indices. */
  readonly outputs: number;
  /** The number of classes; absent for targets. */
  readonly classes?: number;
  /** The names of the classes, in the order of their indices; absent unless they were given, or read from `labels`. */
  readonly classNames?: readonly string[];
  /** 1 for f32 `x`. */
  readonly scale: number;
  /** 0 for f32 `x`. */
  readonly offset: number;
}

export interface DatasetOptions {
  /**
   * Inputs [examples, features], in any typed array, an array of numbers, or an array of rows, each of them either. Uint8Array and
   * Uint8ClampedArray hold pixels, read as v * scale + offset. A Float32Array or Uint8Array is kept, not copied: leave it alone
   * afterwards.
   */
  x: Numbers;
  /**
   * Targets [examples, outputs], or class indices [examples] if it is a flat typed array of integers or if `classes` or
   * `classNames` is given. The loss has the last word: whole numbers are class indices to one that takes classes, and class indices numbers
   * to one that takes numbers.
   */
  y?: Numbers | undefined;
  /** In place of `y`: the name or the code of each example's class: `['cat', 'dog', ...]`, `[4, 17, ...]`. */
  labels?: LabelList | undefined;
  /** Columns of `x`; needed unless `x` is an array of rows. */
  features?: number | undefined;
  /** Columns of targets, which `y` holds then; default 1, or the length of the rows of `y`. */
  outputs?: number | undefined;
  /** Makes `y` class indices in [0, classes). Default for a typed array of integers: the largest one + 1. */
  classes?: number | undefined;
  /**
   * The names of the classes, in the order of their indices. Default for `labels`: all that occur, numbers by their value and
   * texts by their characters, as scikit-learn has them. Data to validate with need those of the training data.
   */
  classNames?: readonly string[] | undefined;
  /** For pixels: their factor; default 1/255. Refused for others. */
  scale?: number | undefined;
  /** For pixels: what is added after scaling; default 0. Refused for others. */
  offset?: number | undefined;
}

const X = { where: 'dataset', name: 'x', columnsName: 'features' };
const Y = { where: 'dataset', name: 'y', columnsName: 'outputs' };
const OPTIONS = ['x', 'y', 'labels', 'features', 'outputs', 'classes', 'classNames', 'scale', 'offset'];

/**
 * Returns the data set of `x` and `y`, or of `x` and `labels`, checked.
 * @throws TypeError or RangeError if types, lengths or classes do not fit; EngineError of kind `data` if an
 * element is not finite in float32. Rows and columns in messages count from 0.
 */
export function dataset(options: DatasetOptions): Dataset {
  checkOptions('dataset', options, OPTIONS);
  const inputs = readInputs(options);
  const { name, ...targets } = readTargets(options);
  const examples = inputs.x.length / inputs.features;
  if (targets.y.length !== examples * targets.outputs) {
    const other = targets.y.length / targets.outputs;
    throw new RangeError(
      `dataset: x has ${examples} examples (${inputs.x.length} elements, features = ${inputs.features}), ` +
        `${name} has ${other} (${targets.y.length} elements, outputs = ${targets.outputs})`,
    );
  }
  return { examples, ...inputs, ...targets };
}

/** Refuses anything but a data set. @throws TypeError naming `where` and `name` */
export function checkDataset(where: string, name: string, data: unknown): asserts data is Dataset {
  const keys = ['examples', 'features', 'scale'];
  if (typeof data === 'object' && data !== null && keys.every((key) => key in data)) return;
  throw new TypeError(`${where}: ${name} must be made by dataset({ x, y }), got ${show(data)}`);
}

/** Returns the rows [start, end) of `data`, without copying. @throws RangeError unless 0 <= start < end <= examples. */
export function slice(data: Dataset, start: number, end: number): Dataset {
  checkNumber('slice', 'start', start, { min: 0, max: data.examples - 1, integer: true });
  checkNumber('slice', 'end', end, { min: start + 1, max: data.examples, integer: true });
  return {
    ...data,
    examples: end - start,
    x: data.x.subarray(start * data.features, end * data.features),
    y: data.y.subarray(start * data.outputs, end * data.outputs),
  };
}

/** Returns the first `n` examples of `data`, without copying. @throws RangeError unless 1 <= n <= examples. */
export function take(data: Dataset, n: number): Dataset {
  checkNumber('take', 'n', n, { min: 1, max: data.examples, integer: true });
  return slice(data, 0, n);
}

/**
 * Returns two disjoint parts of `data`, copied: the rows p[0] .. p[count - 1] for validation and the others for
 * training, p being `permutation(examples, key of seed, 2^32 - 1)`; the same seed gives the same parts.
 * @param options.validation a fraction in (0, 1), giving round(fraction * examples) examples, or their count
 * @throws TypeError or RangeError if an option is wrong or a part would be empty.
 */
export function split(
  data: Dataset,
  options: { validation: number; seed: Seed },
): { train: Dataset; validation: Dataset } {
  checkOptions('split', options, ['validation', 'seed']);
  const { validation, seed } = options;
  checkNumber('split', 'validation', validation, { min: 0, exclusive: 'min' });
  const count = validation < 1 ? Math.round(validation * data.examples) : validation;
  if (!Number.isInteger(count) || count < 1 || count >= data.examples) {
    const most = data.examples - 1;
    throw new RangeError(
      `split: validation must be a fraction or a count of 1 to ${most} of ${data.examples} examples, got ${validation}`,
    );
  }
  const order = permutation(data.examples, seedKey('split', 'seed', seed), SPLIT_EPOCH);
  return { train: pick(data, order.subarray(count)), validation: pick(data, order.subarray(0, count)) };
}

/** Returns the examples `rows` of `data`, in that order. */
function pick(data: Dataset, rows: Uint32Array): Dataset {
  const x = data.x.slice(0, rows.length * data.features);
  const y = data.y.slice(0, rows.length * data.outputs);
  for (const [i, row] of rows.entries()) {
    x.set(data.x.subarray(row * data.features, (row + 1) * data.features), i * data.features);
    y.set(data.y.subarray(row * data.outputs, (row + 1) * data.outputs), i * data.outputs);
  }
  return { ...data, examples: rows.length, x, y };
}

/** Reads `x` and what turns its elements into the numbers meant. */
function readInputs({ x, features, scale, offset }: DatasetOptions) {
  const names = { ...X, columns: features };
  if (isBytes(x) || (isNested(x) && isBytes(x[0]))) {
    const read = { scale: scale ?? 1 / 255, offset: offset ?? 0 };
    for (const [name, value] of Object.entries(read)) checkNumber('dataset', name, value, { float32: true });
    const largest = 255 * Math.abs(read.scale) + Math.abs(read.offset);
    if (!Number.isFinite(Math.fround(largest))) {
      throw new RangeError(
        `dataset: 255 * scale + offset must stay in float32, got scale ${read.scale} and offset ${read.offset}`,
      );
    }
    const { data, columns } = readBytes(x, names);
    return { features: columns, x: data, ...read };
  }
  if (scale !== undefined || offset !== undefined) {
    const name = scale !== undefined ? 'scale' : 'offset';
    throw new TypeError(`dataset: ${name} is only for x of type Uint8Array, got ${show(x)}`);
  }
  const { data, columns } = readMatrix(x, names);
  return { features: columns, x: data, scale: 1, offset: 0 };
}

/** Reads `y` or `labels`, whose name it returns. */
function readTargets({ y, labels, outputs, classes, classNames }: DatasetOptions): Targets {
  checkClassNames(classNames);
  if (labels !== undefined) {
    const other = Object.entries({ y, outputs, classes }).find(([, value]) => value !== undefined)?.[0];
    if (other !== undefined) throw new TypeError(`dataset: give either labels or ${other}, got both`);
    return { name: 'labels', ...readLabels(labels, classNames), outputs: 1 };
  }
  if (classes !== undefined || classNames || (isIntegers(y) && outputs === undefined)) {
    if (outputs !== undefined) throw new TypeError('dataset: outputs is only for targets, but y holds class indices');
    return { name: 'y', ...readIndices(y, { classes, classNames }), outputs: 1 };
  }
  if (Array.isArray(y) && typeof y[0] === 'string') {
    throw new TypeError(`dataset: y must hold numbers, got ${show(y[0])}; names of classes are labels`);
  }
  const { data, columns } = readMatrix(y, { ...Y, columns: outputs ?? (isNested(y) ? undefined : 1) });
  return { name: 'y', y: data, outputs: columns };
}

/** The targets or labels of a data set, and the option that they were given by. */
interface Targets extends Pick<Dataset, 'y' | 'outputs' | 'classes' | 'classNames'> {
  readonly name: 'y' | 'labels';
}

/** True for every typed array of integers. */
function isIntegers(y: unknown): boolean {
  return isNumberArray(y) && !/^Float/.test(Object.prototype.toString.call(y).slice(8));
}
