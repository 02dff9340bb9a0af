import type { StructuralOp } from './tensor.js';
import { shapeOf, type Tensor } from './tensor.js';

/** True for an operand that is read transposed. */
export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
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
