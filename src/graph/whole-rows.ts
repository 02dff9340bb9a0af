import type { Shape } from '../ops/tensor.js';

/** Row-major elements of a tensor. */
export type Elements = Float32Array | Uint32Array | Uint8Array;

/** Returns the data of an input with zeros for the rows that were not given: a row left over may hold a NaN. */
export function wholeRows({ rows, cols }: Shape, data: Elements): Elements {
  const size = rows * cols;
  if (data.length === size) return data;
  const whole = data instanceof Float32Array ? new Float32Array(size) : new Uint32Array(size);
  whole.set(data);
  return whole;
}
