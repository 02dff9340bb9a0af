import { type StructuralOp, shapeOf, type Tensor } from './tensor.js';

export const gatherRowsOp: StructuralOp = {
  name: 'gatherRows',
  kind: 'structural',
  shape([data, order, start], { rows }) {
    if (order.dtype !== 'u32' || order.rows !== data.rows || order.cols !== 1) {
      throw new Error(
        `gatherRows: data ${shapeOf(data)} needs an order of u32 [${data.rows}, 1], got ${order.dtype} ${shapeOf(order)}`,
      );
    }
    if (start.dtype !== 'u32' || start.rows !== 1 || start.cols !== 2) {
      throw new Error(`gatherRows: start must be u32 words [1, 2], got ${start.dtype} ${shapeOf(start)}`);
    }
    return { rows: Number(rows), cols: data.cols, dtype: data.dtype === 'u32' ? 'u32' : 'f32' };
  },
};

/**
 * A batch of `rows` rows of data [N, c] in the order of `order` (u32 [N, 1]), from place `start` on, for the words
 * (start, count): row r is data[order[min(start + min(r, count - 1), N - 1)]]. Rows after the valid ones repeat the last valid one.
 * u8 becomes f32; labels stay u32. Not differentiable.
 */
export function gatherRows(data: Tensor, order: Tensor, start: Tensor, rows: number): Tensor {
  return data.trace.apply(gatherRowsOp, [data, order, start], { rows });
}
