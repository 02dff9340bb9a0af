import { show } from '../errors/arguments.js';
import { indexOf } from './labels.js';
import { isList, type Numbers, readInputs, readMatrix } from './matrix.js';

/** Rows of examples and their targets: arrays, or buffers of the engine's device. */
export interface Batch {
  /** [rows, features], row-major: arrays as `dataset` takes them, bytes read as v / 255; a buffer of f32. */
  x: Numbers | GPUBuffer;
  /** Class indices [rows], or targets [rows, outputs], as the loss has them; a buffer of u32 or f32. */
  y: Numbers | GPUBuffer;
  /** Valid rows where `x` is a GPUBuffer. Default: the batch size. */
  rows?: number;
}

/** A batch as the device takes it. */
export interface BatchArrays {
  readonly x: Float32Array;
  readonly y: Uint32Array | Float32Array;
  readonly count: number;
}

/** The sizes that a batch must fit. */
export interface BatchShape {
  readonly features: number;
  readonly batchSize: number;
  /** Number of classes for class indices, columns of targets otherwise. */
  readonly outputs: number;
  readonly classes: boolean;
  /** Returns what is wrong with targets that are all finite; see `Loss`. */
  readonly fault?: ((targets: Float32Array, columns: number) => string | undefined) | undefined;
}

/** True if `value` is a GPUBuffer of any implementation. */
export function isGpuBuffer(value: unknown): value is GPUBuffer {
  return typeof value === 'object' && value !== null && 'mapAsync' in value && 'usage' in value;
}

/** Returns a batch of arrays, every element checked. @throws naming row and column */
export function readBatch(where: string, { x, y }: Pick<Batch, 'x' | 'y'>, shape: BatchShape): BatchArrays {
  const { features, batchSize } = shape;
  const inputs = readRows(where, x, shape);
  const count = inputs.length / features;
  if (count > batchSize) {
    throw new RangeError(`${where}: x must hold 1 to ${batchSize} rows of ${features} features, got ${count} rows`);
  }
  return { x: inputs, y: shape.classes ? labelsOf(where, y, count, shape) : targetsOf(where, y, count, shape), count };
}

function readRows(where: string, x: unknown, { features, batchSize }: BatchShape): Float32Array {
  if (isList(x)) return readInputs(where, x, features);
  throw new TypeError(
    `${where}: x must be an array of 1 to ${batchSize} rows of ${features} features, or a GPUBuffer, got ${show(x)}`,
  );
}

function labelsOf(where: string, y: unknown, rows: number, { outputs }: BatchShape): Uint32Array {
  if (!isList(y)) throw new TypeError(`${where}: y must be an array of class indices or a GPUBuffer, got ${show(y)}`);
  if (y.length !== rows) throw new RangeError(`${where}: x has ${rows} rows, y has ${y.length}`);
  for (let row = 0; row < rows; row++) {
    const index = indexOf(y[row]);
    if (Number.isInteger(index) && index >= 0 && index < outputs) continue;
    throw new RangeError(`${where}: y must hold integers in [0, ${outputs - 1}], got ${show(y[row])} at row ${row}`);
  }
  return y instanceof Uint32Array ? y : Uint32Array.from(y, indexOf);
}

function targetsOf(where: string, y: unknown, rows: number, { outputs, fault }: BatchShape): Float32Array {
  if (!isList(y)) throw new TypeError(`${where}: y must be an array of targets or a GPUBuffer, got ${show(y)}`);
  const { data } = readMatrix(y, { where, name: 'y', columnsName: 'outputs', columns: outputs });
  if (data.length !== rows * outputs) {
    throw new RangeError(
      `${where}: x has ${rows} rows, so y must have ${rows * outputs} elements (${outputs} a row), got ${data.length}`,
    );
  }
  const found = fault?.(data, outputs);
  if (found !== undefined) throw new RangeError(`${where}: y: ${found}`);
  return data;
}
