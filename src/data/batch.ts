import { show } from '../errors/arguments.js';
import { checkElement } from './matrix.js';

/** Rows of examples and their targets: typed arrays, or buffers of the engine's device. */
export interface Batch {
  /** [rows, features] of f32, tight row-major. */
  x: Float32Array | GPUBuffer;
  /** Class indices [rows] of u32, or targets [rows, outputs] of f32. */
  y: Uint32Array | Float32Array | GPUBuffer;
  /** Valid rows where `x` is a GPUBuffer. Default: the batch size. */
  rows?: number;
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

/** Returns the number of rows of a batch of typed arrays, every element checked. @throws naming row and column */
export function checkBatchArrays(where: string, { x, y }: Batch, shape: BatchShape): number {
  if (!(x instanceof Float32Array))
    throw new TypeError(`${where}: x must be a Float32Array or a GPUBuffer, got ${show(x)}`);
  const rows = x.length / shape.features;
  if (!Number.isInteger(rows) || rows < 1 || rows > shape.batchSize) {
    throw new RangeError(
      `${where}: x must hold 1 to ${shape.batchSize} rows of ${shape.features} features, got ${x.length} elements`,
    );
  }
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i])) checkElement(x[i], i, shape.features, { where, name: 'x' });
  if (shape.classes) checkLabels(where, y, rows, shape.outputs);
  else checkTargets(where, y, rows, shape);
  return rows;
}

function checkLabels(where: string, y: unknown, rows: number, classes: number): void {
  if (!(y instanceof Uint32Array)) {
    throw new TypeError(`${where}: y must be a Uint32Array of class indices or a GPUBuffer, got ${show(y)}`);
  }
  if (y.length !== rows) throw new RangeError(`${where}: x has ${rows} rows, y has ${y.length}`);
  const bad = y.findIndex((label) => label >= classes);
  if (bad >= 0)
    throw new RangeError(`${where}: y must hold integers in [0, ${classes - 1}], got ${y[bad]} at row ${bad}`);
}

function checkTargets(where: string, y: unknown, rows: number, { outputs, fault }: BatchShape): void {
  if (!(y instanceof Float32Array)) {
    throw new TypeError(`${where}: y must be a Float32Array of targets or a GPUBuffer, got ${show(y)}`);
  }
  if (y.length !== rows * outputs) {
    throw new RangeError(
      `${where}: x has ${rows} rows, so y must have ${rows * outputs} elements (${outputs} a row), got ${y.length}`,
    );
  }
  for (let i = 0; i < y.length; i++) if (!Number.isFinite(y[i])) checkElement(y[i], i, outputs, { where, name: 'y' });
  const found = fault?.(y, outputs);
  if (found !== undefined) throw new RangeError(`${where}: y: ${found}`);
}
