import type { StructuralReference, Values } from './op.js';
import { sumError } from './rounding.js';

/** Which elements of x meet in which element of y: that at (row, col) is added to y[toRow(row) + col · perCol]. */
interface Destination {
  toRow(row: number): number;
  perCol: 0 | 1;
  /** Rows of x that count; default all. */
  rows?: number;
}

/** Fills y with sums of x's elements and, where `y.error` is there, with the bound of a sum in any order. */
export function sumInto(x: Values, y: Values, { toRow, perCol, rows = x.rows }: Destination): void {
  const size = y.rows * y.cols;
  const sum = new Float64Array(size); // y.data may be f32
  const magnitude = new Float64Array(size);
  const error = new Float64Array(size);
  const terms = new Uint32Array(size);
  for (let row = 0; row < rows; row++) {
    const start = toRow(row);
    for (let col = 0; col < x.cols; col++) {
      const from = row * x.cols + col;
      const to = start + col * perCol;
      sum[to] += x.data[from];
      terms[to]++;
      magnitude[to] += Math.abs(x.data[from]);
      if (x.error) error[to] += x.error[from];
    }
  }
  for (let i = 0; i < size; i++) {
    y.data[i] = sum[i];
    if (y.error) y.error[i] = sumError(terms[i], magnitude[i], error[i]);
  }
}

const sums = (to: Destination): StructuralReference => ({ evaluate: ([x], y) => sumInto(x, y, to) });

export const sumRowsReference = sums({ toRow: () => 0, perCol: 1 });

export const sumColsReference = sums({ toRow: (row) => row, perCol: 0 });

export const sumAllReference = sums({ toRow: () => 0, perCol: 0 });
