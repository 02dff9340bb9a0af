import type { StructuralReference, Values } from '../ops/tensor.js';
import { sumError } from './rounding.js';

/** Strides of an operand seen as [outer, k]: from one outer index to the next, from one k to the next. */
function strides({ cols }: Values, kFirst: boolean): [outer: number, k: number] {
  return kFirst ? [1, cols] : [cols, 1];
}

const matmul: StructuralReference = {
  evaluate([a, b], y, { transposeA, transposeB }) {
    const [aRow, aK] = strides(a, Boolean(transposeA));
    const [bCol, bK] = strides(b, !transposeB);
    const k = transposeA ? a.rows : a.cols;
    for (let i = 0; i < y.rows; i++) {
      for (let j = 0; j < y.cols; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) sum += a.data[i * aRow + l * aK] * b.data[j * bCol + l * bK];
        y.data[i * y.cols + j] = sum;
        if (!y.error) continue;
        let magnitude = 0;
        let error = 0;
        for (let l = 0; l < k; l++) {
          const p = i * aRow + l * aK;
          const q = j * bCol + l * bK;
          const x = Math.abs(a.data[p]);
          const w = Math.abs(b.data[q]);
          const ex = a.error?.[p] ?? 0;
          const ew = b.error?.[q] ?? 0;
          magnitude += x * w;
          error += x * ew + w * ex + ex * ew;
        }
        y.error[i * y.cols + j] = sumError(k + 1, magnitude, error);
      }
    }
  },
};

export const products = { matmul };
