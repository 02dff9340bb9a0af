import type { StructuralReference, Values } from '../ops/tensor.js';
import {
  productError,
  quotientError,
  rounded,
  roundedProduct,
  saturated,
  sumError,
  TINY,
  UNKNOWN,
} from './rounding.js';

/** A number and a bound on how far the GPU's may be from it. */
interface Bounded {
  readonly v: number;
  readonly e: number;
}

const times = (a: Bounded, b: Bounded): Bounded => ({ v: a.v * b.v, e: roundedProduct(a.v, a.e, b.v, b.e) });
const minus = (a: Bounded, b: Bounded): Bounded => ({ v: a.v - b.v, e: rounded(a.v - b.v, a.e + b.e) });

/** Returns the mean of terms within their bounds, in any order; each may be a product that is rounded. */
function meanOf(terms: readonly Bounded[]): Bounded {
  let [sum, magnitude, error] = [0, 0, 0];
  for (const { v, e } of terms) {
    sum += v;
    magnitude += Math.abs(v);
    error += e;
  }
  const n = terms.length;
  return { v: sum / n, e: quotientError(sum, sumError(n + 1, magnitude, error), n, n, sum / n) };
}

/** Returns the terms of a sum of products, before they are rounded. */
const products = (a: readonly Bounded[], b: readonly Bounded[]): Bounded[] =>
  a.map((x, i) => ({ v: x.v * b[i].v, e: productError(x.v, x.e, b[i].v, b[i].e) }));

const rowOf = ({ data, error, cols }: Values, row: number): Bounded[] =>
  Array.from({ length: cols }, (_, col) => ({ v: data[row * cols + col], e: error?.[row * cols + col] ?? 0 }));

/** Returns a row minus its mean, and 1 / √(variance + epsilon): WGSL's inverseSqrt, 2 units in the last place. */
function moments(x: readonly Bounded[], epsilon: Values) {
  const mean = meanOf(x);
  const centred = x.map((each) => minus(each, mean));
  const variance = meanOf(products(centred, centred));
  const plus = epsilon.data[0];
  const v = variance.v + plus;
  const e = rounded(v, variance.e + (epsilon.error?.[0] ?? 0));
  // The GPU's sum of squares is not negative, and epsilon is exact but for its rounding.
  const least = Math.max(v - e, plus * (1 - 2 ** -22));
  const inverse = 1 / Math.sqrt(v);
  const furthest = Math.max(1 / Math.sqrt(least) - inverse, inverse - 1 / Math.sqrt(v + e));
  return { centred, inverse: { v: inverse, e: least < TINY ? UNKNOWN : rounded(inverse, furthest, 2) } };
}

function store(y: Values, row: number, values: readonly Bounded[]): void {
  for (const [col, { v, e }] of values.entries()) {
    y.data[row * y.cols + col] = v;
    if (y.error) y.error[row * y.cols + col] = saturated(v, e);
  }
}

const normalizeRows: StructuralReference = {
  evaluate([x, epsilon], y) {
    for (let row = 0; row < x.rows; row++) {
      const { centred, inverse } = moments(rowOf(x, row), epsilon);
      store(
        y,
        row,
        centred.map((each) => times(each, inverse)),
      );
    }
  },
};

const normalizeRowsGradient: StructuralReference = {
  evaluate([dy, x, epsilon], dx) {
    for (let row = 0; row < x.rows; row++) {
      const { centred, inverse } = moments(rowOf(x, row), epsilon);
      const own = rowOf(dy, row);
      const mean = meanOf(own);
      const slope = times(times(meanOf(products(own, centred)), inverse), inverse);
      store(
        dx,
        row,
        own.map((each, col) => times(minus(minus(each, mean), times(centred[col], slope)), inverse)),
      );
    }
  },
};

const rolled = (back: boolean): StructuralReference => ({
  evaluate([x, roll], y) {
    const [distance, count] = roll.data;
    for (let row = 0; row < x.rows; row++) {
      const from = row < count ? (row + (back ? count - distance : distance)) % count : row;
      const place = from * x.cols;
      y.data.set(x.data.subarray(place, place + x.cols), row * x.cols);
      if (y.error && x.error) y.error.set(x.error.subarray(place, place + x.cols), row * x.cols);
    }
  },
});

export const rows = { normalizeRows, normalizeRowsGradient, rollRows: rolled(false), rollRowsBack: rolled(true) };
