import type { StructuralOp, Values } from './op.js';
import { sumError } from './rounding.js';
import { shapeOf, type Tensor } from './tensor.js';

/** Which operand is read transposed. */
export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** Strides of an operand seen as [outer, k]: from one outer index to the next, from one k to the next. */
function strides({ cols }: Values, kFirst: boolean): [outer: number, k: number] {
  return kFirst ? [1, cols] : [cols, 1];
}

export const matmulOp: StructuralOp = {
  name: 'matmul',
  kind: 'structural',
  shape([a, b], { transposeA, transposeB }) {
    const [rows, k] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
    const [k2, cols] = transposeB ? [b.cols, b.rows] : [b.rows, b.cols];
    if (k !== k2) {
      const side = (x: Tensor, transposed: unknown) => `${shapeOf(x)}${transposed ? 'ᵀ' : ''}`;
      throw new Error(`matmul: ${side(a, transposeA)} times ${side(b, transposeB)}: ${k} columns meet ${k2} rows`);
    }
    return { rows, cols, dtype: 'f32' };
  },
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
  gradient(dy, y, [a, b]) {
    const { transposeA = false, transposeB = false } = y.attributes;
    const da = transposeA
      ? matmul(b, dy, { transposeA: Boolean(transposeB), transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: Boolean(transposeA) })
      : matmul(a, dy, { transposeA: !transposeA });
    return [da, db];
  },
};

/** a · b, either read transposed: [m, k] · [k, n] -> [m, n]. */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: Transposes = {}): Tensor {
  const attributes = { ...(transposeA && { transposeA }), ...(transposeB && { transposeB }) };
  return a.trace.apply(matmulOp, [a, b], attributes);
}
