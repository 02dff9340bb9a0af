import { bitsFromFloat, type Values } from '../../src/ops/index.js';
import type { ConformingArithmetic } from './conforming.js';
import type { Random } from './random.js';

type Simulate = (inputs: readonly Values[], f: ConformingArithmetic, y: Values) => void;

type Result = (inputs: readonly Values[]) => { rows: number; cols: number };

/** A structural op's operands and its arithmetic, for the tests. */
export interface StructuralCase {
  /** The inputs for a trial, without errors; `n` is a size of many. */
  readonly inputs: (random: Random, n: number) => Values[];
  /** The inputs that a GPU may have computed, so that they come with errors. */
  readonly inexact: readonly number[];
  readonly result: Result;
  /** Computes the op as a kernel does, in the arithmetic of a GPU. */
  readonly simulate: Simulate;
}

const aNumber: Result = () => ({ rows: 1, cols: 1 });
const aColumn: Result = ([x]) => ({ rows: x.rows, cols: 1 });

export const matrix = (rows: number, cols: number, data: Values['data']): Values => ({ rows, cols, data });
const labels = (random: Random, rows: number, cols: number) =>
  matrix(rows, 1, Uint32Array.from(random.floats(rows, 0, cols)));
const batch = (count: number) => matrix(1, 2, Uint32Array.of(count, bitsFromFloat(1 / count)));
export const sizes = [1, 2, 3, 7, 10, 33, 100];

function normal(random: Random, rows: number, cols: number, size = 1): Values {
  return matrix(rows, cols, random.floats(rows * cols, -size, size));
}

/** Logits of every temper: flat, ordinary, confident, far apart, with ties. */
function logits(random: Random, rows: number, cols: number): Values {
  const size = random.pick([0, 0.1, 3, 20, 150]);
  const shift = random.pick([0, 0, 50, -50]);
  const data = random.floats(rows * cols, -size, size).map((z) => z + shift);
  return matrix(rows, cols, random.next() < 0.2 ? data.map(Math.round) : data);
}

function distribution(random: Random, rows: number, cols: number): Values {
  const data = random.floats(rows * cols, 0, 1);
  if (random.next() < 0.5) for (let i = 0; i < data.length; i++) data[i] = random.next() < 0.3 ? 1 : 0;
  return matrix(rows, cols, data);
}

/** Elements added up in the order given: one accumulator, or pairs of pairs. */
function total(elements: readonly number[], f: ConformingArithmetic): number {
  if (f.choose() > 0 && elements.length > 1) {
    const half = elements.length >> 1;
    return f.add(total(elements.slice(0, half), f), total(elements.slice(half), f));
  }
  return elements.reduce((sum, element) => f.add(sum, element), 0);
}

const elements = (x: Values, wanted: (row: number, col: number) => boolean) =>
  Array.from(x.data).filter((_, i) => wanted(Math.floor(i / x.cols), i % x.cols));
const rowOf = (x: Values, row: number) => elements(x, (each) => each === row);
const sumOf = (x: Values, f: ConformingArithmetic, wanted: (row: number, col: number) => boolean) =>
  total(elements(x, wanted), f);

/** Sets every element of a column by its row. */
function setRows(y: Values, value: (row: number) => number): void {
  for (let i = 0; i < y.rows; i++) y.data[i] = value(i);
}

/** Exponentials, their sum, the largest logit and a row's logits, as the softmax kernels compute them. */
function softmax(x: Values, row: number, f: ConformingArithmetic) {
  const z = rowOf(x, row);
  const largest = Math.max(...z);
  const exps = z.map((value) => f.exp(f.subtract(value, largest)));
  return { z, largest, exps, sum: exps.reduce((sum, e) => f.add(sum, e), 0) };
}

const hit = (x: Values, row: number, wanted: number) => {
  const z = rowOf(x, row);
  return z.indexOf(Math.max(...z)) === wanted ? 1 : 0;
};
const weights = (r: Random) => matrix(4, 1, Float32Array.of(0.25, 0, -3, r.uniform(-1, 1)));

const smoothing = (r: Random) => matrix(1, 1, Float32Array.of(r.pick([0, 0.1, 0.9])));

const epsilon = (r: Random) => matrix(1, 1, Float32Array.of(r.pick([1e-5, 0.1, 3])));

/** A row minus its mean, and the inverse of its deviation, as the kernels of layer norm compute them. */
function normalized(x: Values, row: number, epsilon: number, f: ConformingArithmetic) {
  const own = rowOf(x, row);
  const mean = f.divide(total(own, f), x.cols);
  const centred = own.map((each) => f.subtract(each, mean));
  const squares = centred.map((c) => f.multiply(c, c));
  const variance = f.add(f.divide(total(squares, f), x.cols), epsilon);
  return { centred, inverse: f.within(1 / Math.sqrt(variance), 2) };
}

export const STRUCTURAL_CASES: Readonly<Record<string, StructuralCase>> = {
  matmul: {
    inputs: (r, n) => [normal(r, 3, n), normal(r, n, 4)],
    inexact: [0, 1],
    result: ([a, b]) => ({ rows: a.rows, cols: b.cols }),
    simulate([a, b], f, y) {
      for (let i = 0; i < y.rows; i++) {
        for (let j = 0; j < y.cols; j++) {
          const products = rowOf(a, i).map((value, l) => f.multiply(value, b.data[l * b.cols + j]));
          y.data[i * y.cols + j] = products.reduce((sum, product) => f.add(sum, product), 0);
        }
      }
    },
  },
  sumRows: {
    inputs: (r, n) => [normal(r, n, 5)],
    inexact: [0],
    result: ([x]) => ({ rows: 1, cols: x.cols }),
    simulate([x], f, y) {
      for (let j = 0; j < x.cols; j++) y.data[j] = sumOf(x, f, (_, col) => col === j);
    },
  },
  sumCols: {
    inputs: (r, n) => [normal(r, 5, n)],
    inexact: [0],
    result: aColumn,
    simulate: ([x], f, y) => setRows(y, (i) => sumOf(x, f, (row) => row === i)),
  },
  sumAll: {
    inputs: (r, n) => [normal(r, r.pick(sizes), n)],
    inexact: [0],
    result: aNumber,
    simulate: ([x], f, y) => setRows(y, () => sumOf(x, f, () => true)),
  },
  batchMean: {
    inputs: (r) => [normal(r, 50, 1), batch(r.pick([1, 3, 49, 50, 70]))],
    inexact: [0],
    result: aNumber,
    simulate([x, { data }], f, y) {
      const inverse = Math.fround(1 / data[0]);
      y.data[0] = f.multiply(
        sumOf(x, f, (row) => row < data[0]),
        inverse,
      );
    },
  },
  tileSums: {
    inputs: (r) => [normal(r, 130, r.pick([1, 5])), batch(r.pick([1, 64, 65, 129, 130]))],
    inexact: [0],
    result: ([x]) => ({ rows: Math.ceil(x.rows / 64), cols: 1 }),
    simulate: ([x, { data }], f, y) => setRows(y, (i) => sumOf(x, f, (row) => row >> 6 === i && row < data[0])),
  },
  l2Penalty: {
    inputs: (r, n) => [normal(r, r.pick(sizes), n), matrix(1, 1, Float32Array.of(r.pick([0, 1e-4, 2])))],
    inexact: [0],
    result: aNumber,
    simulate([theta, lambda], f, y) {
      const squares = Array.from(theta.data, (x) => f.multiply(x, x));
      y.data[0] = f.multiply(0.5 * lambda.data[0], total(squares, f));
    },
  },
  softmaxCrossEntropy: {
    inputs: (r, n) => [logits(r, 4, n), labels(r, 4, n)],
    inexact: [0],
    result: aColumn,
    simulate: ([x, label], f, y) =>
      setRows(y, (i) => {
        const { z, largest, sum } = softmax(x, i, f);
        const wanted = z[label.data[i]];
        if (f.choose() < 0) return f.subtract(f.log(sum), f.subtract(wanted, largest));
        return f.add(f.subtract(f.log(sum), wanted), largest);
      }),
  },
  softmaxCrossEntropyGradient: {
    inputs: (r, n) => [weights(r), logits(r, 4, n), labels(r, 4, n)],
    inexact: [0, 1],
    result: ([, x]) => x,
    simulate([drow, x, label], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { exps, sum } = softmax(x, i, f);
        const inverse = f.choose() < 0 ? f.divide(1, sum) : undefined;
        exps.forEach((e, j) => {
          const p = inverse === undefined ? f.divide(e, sum) : f.multiply(e, inverse);
          const difference = f.subtract(p, j === label.data[i] ? 1 : 0);
          y.data[i * x.cols + j] = drow.data[i] === 0 ? 0 : f.multiply(difference, drow.data[i]);
        });
      }
    },
  },
  smoothedCrossEntropy: {
    inputs: (r, n) => [logits(r, 4, n), labels(r, 4, n), smoothing(r)],
    inexact: [0],
    result: aColumn,
    simulate: ([x, label, { data }], f, y) =>
      setRows(y, (i) => {
        const { z, largest, sum } = softmax(x, i, f);
        const shifted = z.map((value) => f.subtract(value, largest));
        const own = f.multiply(f.subtract(1, data[0]), shifted[label.data[i]]);
        return f.subtract(f.log(sum), f.add(own, f.multiply(f.divide(data[0], x.cols), total(shifted, f))));
      }),
  },
  smoothedCrossEntropyGradient: {
    inputs: (r, n) => [weights(r), logits(r, 4, n), labels(r, 4, n), smoothing(r)],
    inexact: [0, 1],
    result: ([, x]) => x,
    simulate([drow, x, label, { data }], f, y) {
      const other = f.divide(data[0], x.cols);
      for (let i = 0; i < x.rows; i++) {
        const { exps, sum } = softmax(x, i, f);
        exps.forEach((e, j) => {
          const share = j === label.data[i] ? f.add(f.subtract(1, data[0]), other) : other;
          const difference = f.subtract(f.divide(e, sum), share);
          y.data[i * x.cols + j] = drow.data[i] === 0 ? 0 : f.multiply(difference, drow.data[i]);
        });
      }
    },
  },
  softTargetCrossEntropy: {
    inputs: (r, n) => [logits(r, 4, n), distribution(r, 4, n)],
    inexact: [0, 1],
    result: aColumn,
    simulate: ([x, targets], f, y) =>
      setRows(y, (i) => {
        const { z, largest, sum } = softmax(x, i, f);
        const t = rowOf(targets, i);
        const products = z.map((value, j) => f.multiply(t[j], f.subtract(value, largest)));
        return f.subtract(f.multiply(f.log(sum), total(t, f)), total(products, f));
      }),
  },
  softTargetCrossEntropyGradient: {
    inputs: (r, n) => [weights(r), logits(r, 4, n), distribution(r, 4, n)],
    inexact: [0, 1, 2],
    result: ([, x]) => x,
    simulate([drow, x, targets], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { exps, sum } = softmax(x, i, f);
        const t = rowOf(targets, i);
        const weight = total(t, f);
        exps.forEach((e, j) => {
          const difference = f.subtract(f.multiply(f.divide(e, sum), weight), t[j]);
          y.data[i * x.cols + j] = drow.data[i] === 0 ? 0 : f.multiply(difference, drow.data[i]);
        });
      }
    },
  },
  correct: {
    inputs: (r, n) => [logits(r, 8, n), labels(r, 8, n)],
    inexact: [0],
    result: aColumn,
    simulate: ([x, label], _f, y) => setRows(y, (i) => hit(x, i, label.data[i])),
  },
  softCorrect: {
    inputs: (r, n) => [logits(r, 8, n), distribution(r, 8, n)],
    inexact: [0, 1],
    result: aColumn,
    simulate: ([x, targets], _f, y) =>
      setRows(y, (i) => {
        const t = rowOf(targets, i);
        return hit(x, i, t.indexOf(Math.max(...t)));
      }),
  },
  gatherRows: {
    inputs: (r) => [normal(r, 9, 3), matrix(9, 1, Uint32Array.of(8, 2, 0, 1, 7, 6, 3, 5, 4)), batch(4)],
    inexact: [0],
    result: ([data]) => ({ rows: 6, cols: data.cols }),
    simulate([data, order, words], _f, y) {
      for (let i = 0; i < y.rows; i++) {
        const from = order.data[Math.min(words.data[0] + Math.min(i, words.data[1] - 1), 8)];
        for (let j = 0; j < data.cols; j++) y.data[i * data.cols + j] = data.data[from * data.cols + j];
      }
    },
  },
  ...Object.fromEntries(
    [1, -1].map((sign): [string, StructuralCase] => [
      sign > 0 ? 'rollRows' : 'rollRowsBack',
      {
        inputs: (r) => [normal(r, 9, 3), matrix(1, 2, Uint32Array.of(r.pick([0, 1, 4]), r.pick([5, 9])))],
        inexact: [0],
        result: ([x]) => x,
        simulate([x, { data }], _f, y) {
          for (let i = 0; i < y.rows; i++) {
            const from = i < data[1] ? (i + sign * data[0] + data[1]) % data[1] : i;
            for (let j = 0; j < x.cols; j++) y.data[i * x.cols + j] = x.data[from * x.cols + j];
          }
        },
      },
    ]),
  ),
  normalizeRows: {
    inputs: (r, n) => [normal(r, 3, n, r.pick([0.01, 1, 50])), epsilon(r)],
    inexact: [0],
    result: ([x]) => x,
    simulate([x, { data }], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { centred, inverse } = normalized(x, i, data[0], f);
        for (const [j, c] of centred.entries()) y.data[i * x.cols + j] = f.multiply(c, inverse);
      }
    },
  },
  normalizeRowsGradient: {
    inputs: (r, n) => [normal(r, 3, n), normal(r, 3, n, r.pick([0.01, 1, 50])), epsilon(r)],
    inexact: [0, 1],
    result: ([, x]) => x,
    simulate([dy, x, { data }], f, dx) {
      for (let i = 0; i < x.rows; i++) {
        const { centred, inverse } = normalized(x, i, data[0], f);
        const own = rowOf(dy, i);
        const mean = f.divide(total(own, f), x.cols);
        const products = centred.map((c, j) => f.multiply(c, own[j]));
        const slope = f.multiply(f.multiply(f.divide(total(products, f), x.cols), inverse), inverse);
        for (const [j, c] of centred.entries()) {
          const rest = f.subtract(f.subtract(own[j], mean), f.multiply(c, slope));
          dx.data[i * x.cols + j] = f.multiply(rest, inverse);
        }
      }
    },
  },
};
