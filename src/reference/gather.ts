import type { StructuralReference } from '../ops/tensor.js';

const gatherRows: StructuralReference = {
  evaluate([data, order, start], y) {
    const [first, count] = start.data;
    const { cols } = data;
    for (let row = 0; row < y.rows; row++) {
      const place = Math.min(first + Math.min(row, count - 1), data.rows - 1);
      const from = order.data[place] * cols;
      y.data.set(data.data.subarray(from, from + cols), row * cols);
      if (y.error && data.error) y.error.set(data.error.subarray(from, from + cols), row * cols);
    }
  },
};

export const gather = { gatherRows };
