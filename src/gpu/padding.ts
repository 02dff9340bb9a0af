import type { Elements } from '../graph/engine.js';
import type { Tensor } from '../ops/tensor.js';
import type { Storage } from '../plan/layout.js';

const ARRAYS = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

/** Returns tight rows with the pads that a storage wants. */
export function pad({ format, stride }: Storage, cols: number, data: Elements): Elements {
  const width = format === 'u32' ? stride : stride * 4;
  if (width === cols && data instanceof ARRAYS[format]) return data;
  const rows = data.length / cols;
  const padded = new ARRAYS[format](rows * width);
  for (let row = 0; row < rows; row++) padded.set(data.subarray(row * cols, (row + 1) * cols), row * width);
  return padded;
}

/** Returns rows without their pads: a tight [rows, cols]. */
export function unpad(padded: Float32Array, rows: number, cols: number): Float32Array {
  const width = Math.ceil(cols / 4) * 4;
  const tight = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) tight.set(padded.subarray(row * width, row * width + cols), row * cols);
  return tight;
}

/** Returns f32 tensors, each a tight [rows, cols], from the bytes of their padded rows, which lie one after another. */
export function unpadEach(bytes: ArrayBuffer, tensors: readonly Tensor[]): Float32Array[] {
  let at = 0;
  return tensors.map(({ rows, cols }) => {
    const padded = new Float32Array(bytes, at, rows * Math.ceil(cols / 4) * 4);
    at += padded.byteLength;
    return unpad(padded, rows, cols);
  });
}
