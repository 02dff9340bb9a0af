import type { Transposes } from '../../src/ops/products.js';
import type { Values } from '../../src/ops/tensor.js';

/** a · b with every product and every sum rounded to f32, k ascending: the bits of a device that fuses nothing. */
export function ascendingProduct(a: Values, b: Values, { transposeA, transposeB }: Transposes): Float32Array {
  const [m, k] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
  const n = transposeB ? b.rows : b.cols;
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        const x = a.data[transposeA ? l * m + i : i * k + l];
        const w = b.data[transposeB ? j * k + l : l * n + j];
        sum = Math.fround(sum + Math.fround(x * w));
      }
      y[i * n + j] = sum;
    }
  }
  return y;
}

/** The sums over the rows of x, rows ascending, every sum rounded to f32. */
export function ascendingSums({ rows, cols, data }: Values): Float32Array {
  const y = new Float32Array(cols);
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) y[col] += data[row * cols + col];
  return y;
}
