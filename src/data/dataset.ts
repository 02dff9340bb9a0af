import { checkNumber, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { permutation, SPLIT_EPOCH } from '../random/permutation.js';
import { type Seed, seedKey } from '../random/seed.js';
import { checkColumns, checkElement, type Numbers, readMatrix } from './matrix.js';

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
  /** 1 for f32 `x`. */
  readonly scale: number;
  /** 0 for f32 `x`. */
  readonly offset: number;
}

export interface DatasetOptions {
  /** [examples, features]. Typed arrays are kept, not copied: leave them alone afterwards. */
  x: Uint8Array | Numbers;
  /** Class indices [examples] if it is a Uint8Array or a Uint32Array, or if `classes` is given; otherwise targets. */
  y: Uint8Array | Uint32Array | Numbers;
  /** Columns of `x`; needed unless `x` is an array of rows. */
  features?: number;
  /** Columns of targets; default 1, or the length of the rows of `y`. Refused for class indices. */
  outputs?: number;
  /** Makes `y` class indices in [0, classes). Default for a Uint8Array or a Uint32Array: the largest one + 1. */
  classes?: number;
  /** For u8 `x`: its factor; default 1/255. Refused for f32. */
  scale?: number;
  /** For u8 `x`: what is added after scaling; default 0. Refused for f32. */
  offset?: number;
}

const ARRAYS = 'an array of numbers or an array of rows';
const X = { where: 'dataset', name: 'x', columnsName: 'features', types: `a Float32Array, a Uint8Array, ${ARRAYS}` };
const Y = {
  where: 'dataset',
  name: 'y',
  columnsName: 'outputs',
  types: `a Uint32Array, a Uint8Array, a Float32Array, ${ARRAYS}`,
};
const OPTIONS = ['x', 'y', 'features', 'outputs', 'classes', 'scale', 'offset'];

/**
 * Returns the data set of `x` and `y`, checked. `y` holds class indices if it is a Uint8Array or a Uint32Array, or if
 * `classes` is given; anything else holds targets, integers in a plain array too.
 * @throws TypeError or RangeError if types, lengths or class indices do not fit; EngineError of kind `data` if an
 * element is not finite in float32. Rows and columns in messages count from 0.
 */
export function dataset(options: DatasetOptions): Dataset {
  checkOptions('dataset', options, OPTIONS);
  const { y, classes } = options;
  const inputs = readInputs(options);
  const isLabels = classes !== undefined || y instanceof Uint8Array || y instanceof Uint32Array;
  const targets = isLabels ? readLabels(options) : readTargets(options);
  const examples = inputs.x.length / inputs.features;
  if (targets.y.length !== examples * targets.outputs) {
    const other = targets.y.length / targets.outputs;
    throw new RangeError(
      `dataset: x has ${examples} examples (${inputs.x.length} elements, features = ${inputs.features}), ` +
        `y has ${other} (${targets.y.length} elements, outputs = ${targets.outputs})`,
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
  if (x instanceof Uint8Array) {
    const read = { scale: scale ?? 1 / 255, offset: offset ?? 0 };
    for (const [name, value] of Object.entries(read)) checkNumber('dataset', name, value, { float32: true });
    const largest = 255 * Math.abs(read.scale) + Math.abs(read.offset);
    if (!Number.isFinite(Math.fround(largest))) {
      throw new RangeError(
        `dataset: 255 * scale + offset must stay in float32, got scale ${read.scale} and offset ${read.offset}`,
      );
    }
    return {
      features: checkColumns(x.length, names),
      // A view of its own: `x` may be a Node Buffer, whose slice() does not copy.
      x: new Uint8Array(x.buffer, x.byteOffset, x.length),
      ...read,
    };
  }
  if (scale !== undefined || offset !== undefined) {
    const name = scale !== undefined ? 'scale' : 'offset';
    throw new TypeError(`dataset: ${name} is only for x of type Uint8Array, got ${show(x)}`);
  }
  const { data, columns } = readMatrix(x, names);
  return { features: columns, x: data, scale: 1, offset: 0 };
}

/** Reads `y` as targets [examples, outputs]. */
function readTargets({ y, outputs }: DatasetOptions) {
  const isFlat = !(Array.isArray(y) && Array.isArray(y[0]));
  const { data, columns } = readMatrix(y, { ...Y, columns: outputs ?? (isFlat ? 1 : undefined) });
  return { y: data, outputs: columns };
}

/** Reads `y` as class indices [examples]. */
function readLabels({ y, outputs, classes }: DatasetOptions) {
  if (outputs !== undefined) throw new TypeError('dataset: outputs is only for targets, but y holds class indices');
  if (classes !== undefined) checkPositiveInteger('dataset', 'classes', classes);
  const isTyped = y instanceof Uint8Array || y instanceof Uint32Array || y instanceof Float32Array;
  if (!isTyped && (!Array.isArray(y) || Array.isArray(y[0]))) {
    const got = Array.isArray(y) ? 'an array of rows' : show(y);
    throw new TypeError(`dataset: y must be a flat array of class indices when classes is given, got ${got}`);
  }
  const labels: ArrayLike<number> = y;
  checkColumns(labels.length, { ...Y, columns: 1 });
  let largest = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    checkElement(label, row, 1, Y);
    if (label < 0 || !Number.isInteger(label) || label >= (classes ?? Infinity)) {
      const range = `integers in [0, ${(classes ?? 0) - 1}]`;
      throw new RangeError(`dataset: y must hold ${range}, got ${label} at row ${row}`);
    }
    if (label > largest) largest = label;
  }
  return { y: y instanceof Uint32Array ? y : Uint32Array.from(labels), outputs: 1, classes: classes ?? largest + 1 };
}
