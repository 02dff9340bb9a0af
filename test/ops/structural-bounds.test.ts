import { describe, expect, test } from 'vitest';
import { OPS } from '../../src/ops/every-op.js';
import { bitsFromFloat, type StructuralOp, type Values } from '../../src/ops/index.js';
import { referenceOf } from '../../src/reference/references.js';
import { ConformingArithmetic } from './conforming.js';
import { Random } from './random.js';

type Simulate = (inputs: readonly Values[], f: ConformingArithmetic, y: Values) => void;

interface Case {
  /** The inputs for a trial, without errors. */
  readonly inputs: (random: Random) => Values[];
  /** Which inputs a GPU may have computed, so that they come with errors. */
  readonly inexact: readonly number[];
  readonly result: (inputs: readonly Values[]) => { rows: number; cols: number };
  /** Computes the op as a kernel does, in the arithmetic of a GPU. */
  readonly simulate: Simulate;
}

const matrix = (rows: number, cols: number, data: Values['data']): Values => ({ rows, cols, data });
const labels = (random: Random, rows: number, cols: number) =>
  matrix(
    rows,
    1,
    Uint32Array.from({ length: rows }, () => Math.floor(random.uniform(0, cols))),
  );
const batch = (count: number) => matrix(1, 2, Uint32Array.of(count, bitsFromFloat(1 / count)));
const sizes = [1, 2, 3, 7, 10, 33, 100];

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

/** Exponentials, their sum, the largest logit and a row's logits, as the softmax kernels compute them. */
function softmax(x: Values, row: number, f: ConformingArithmetic) {
  const z = elements(x, (r) => r === row);
  const largest = Math.max(...z);
  const exps = z.map((value) => f.exp(f.subtract(value, largest)));
  return { z, largest, exps, sum: exps.reduce((sum, e) => f.add(sum, e), 0) };
}

const hit = (x: Values, row: number, wanted: number) => {
  const z = elements(x, (r) => r === row);
  return z.indexOf(Math.max(...z)) === wanted ? 1 : 0;
};

const CASES: Readonly<Record<string, Case>> = {
  matmul: {
    inputs: (r) =>
      [normal(r, 3, r.pick(sizes)), matrix(0, 0, new Float32Array())].map((a, i, [first]) =>
        i ? normal(r, first.cols, 4) : a,
      ),
    inexact: [0, 1],
    result: ([a, b]) => ({ rows: a.rows, cols: b.cols }),
    simulate([a, b], f, y) {
      for (let i = 0; i < y.rows; i++) {
        for (let j = 0; j < y.cols; j++) {
          let sum = 0;
          for (let l = 0; l < a.cols; l++) {
            sum = f.add(sum, f.multiply(a.data[i * a.cols + l], b.data[l * b.cols + j]));
          }
          y.data[i * y.cols + j] = sum;
        }
      }
    },
  },
  sumRows: {
    inputs: (r) => [normal(r, r.pick(sizes), 5)],
    inexact: [0],
    result: ([x]) => ({ rows: 1, cols: x.cols }),
    simulate: ([x], f, y) => {
      for (let j = 0; j < x.cols; j++)
        y.data[j] = total(
          elements(x, (_, col) => col === j),
          f,
        );
    },
  },
  sumCols: {
    inputs: (r) => [normal(r, 5, r.pick(sizes))],
    inexact: [0],
    result: ([x]) => ({ rows: x.rows, cols: 1 }),
    simulate: ([x], f, y) => {
      for (let i = 0; i < x.rows; i++)
        y.data[i] = total(
          elements(x, (row) => row === i),
          f,
        );
    },
  },
  sumAll: {
    inputs: (r) => [normal(r, r.pick(sizes), r.pick(sizes))],
    inexact: [0],
    result: () => ({ rows: 1, cols: 1 }),
    simulate: ([x], f, y) => {
      y.data[0] = total(Array.from(x.data), f);
    },
  },
  batchMean: {
    inputs: (r) => [normal(r, 50, 1), batch(r.pick([1, 3, 49, 50, 70]))],
    inexact: [0],
    result: () => ({ rows: 1, cols: 1 }),
    simulate: ([x, words], f, y) => {
      const inverse = Math.fround(1 / words.data[0]);
      y.data[0] = f.multiply(
        total(
          elements(x, (row) => row < words.data[0]),
          f,
        ),
        inverse,
      );
    },
  },
  tileSums: {
    inputs: (r) => [normal(r, 130, r.pick([1, 5])), batch(r.pick([1, 64, 65, 129, 130]))],
    inexact: [0],
    result: ([x]) => ({ rows: Math.ceil(x.rows / 64), cols: 1 }),
    simulate: ([x, words], f, y) => {
      for (let i = 0; i < y.rows; i++) {
        y.data[i] = total(
          elements(x, (row) => row >> 6 === i && row < words.data[0]),
          f,
        );
      }
    },
  },
  l2Penalty: {
    inputs: (r) => [normal(r, r.pick(sizes), r.pick(sizes)), matrix(1, 1, Float32Array.of(r.pick([0, 1e-4, 2])))],
    inexact: [0],
    result: () => ({ rows: 1, cols: 1 }),
    simulate: ([theta, lambda], f, y) => {
      const squares = Array.from(theta.data, (x) => f.multiply(x, x));
      y.data[0] = f.multiply(0.5 * lambda.data[0], total(squares, f));
    },
  },
  softmaxCrossEntropy: {
    inputs(r) {
      const n = r.pick(sizes);
      return [logits(r, 4, n), labels(r, 4, n)];
    },
    inexact: [0],
    result: ([x]) => ({ rows: x.rows, cols: 1 }),
    simulate([x, label], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { z, largest, sum } = softmax(x, i, f);
        const wanted = z[label.data[i]];
        y.data[i] =
          f.choose() < 0
            ? f.subtract(f.log(sum), f.subtract(wanted, largest))
            : f.add(f.subtract(f.log(sum), wanted), largest);
      }
    },
  },
  softmaxCrossEntropyGradient: {
    inputs(r) {
      const n = r.pick(sizes);
      return [matrix(4, 1, Float32Array.of(0.25, 0, -3, r.uniform(-1, 1))), logits(r, 4, n), labels(r, 4, n)];
    },
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
  softTargetCrossEntropy: {
    inputs(r) {
      const n = r.pick(sizes);
      return [logits(r, 4, n), distribution(r, 4, n)];
    },
    inexact: [0, 1],
    result: ([x]) => ({ rows: x.rows, cols: 1 }),
    simulate([x, targets], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { z, largest, sum } = softmax(x, i, f);
        const t = elements(targets, (row) => row === i);
        const products = z.map((value, j) => f.multiply(t[j], f.subtract(value, largest)));
        y.data[i] = f.subtract(f.multiply(f.log(sum), total(t, f)), total(products, f));
      }
    },
  },
  softTargetCrossEntropyGradient: {
    inputs(r) {
      const n = r.pick(sizes);
      return [matrix(4, 1, Float32Array.of(0.25, 0, -3, r.uniform(-1, 1))), logits(r, 4, n), distribution(r, 4, n)];
    },
    inexact: [0, 1, 2],
    result: ([, x]) => x,
    simulate([drow, x, targets], f, y) {
      for (let i = 0; i < x.rows; i++) {
        const { exps, sum } = softmax(x, i, f);
        const t = elements(targets, (row) => row === i);
        const weight = total(t, f);
        exps.forEach((e, j) => {
          const difference = f.subtract(f.multiply(f.divide(e, sum), weight), t[j]);
          y.data[i * x.cols + j] = drow.data[i] === 0 ? 0 : f.multiply(difference, drow.data[i]);
        });
      }
    },
  },
  correct: {
    inputs(r) {
      const n = r.pick(sizes);
      return [logits(r, 8, n), labels(r, 8, n)];
    },
    inexact: [0],
    result: ([x]) => ({ rows: x.rows, cols: 1 }),
    simulate([x, label], _f, y) {
      for (let i = 0; i < x.rows; i++) y.data[i] = hit(x, i, label.data[i]);
    },
  },
  softCorrect: {
    inputs(r) {
      const n = r.pick(sizes);
      return [logits(r, 8, n), distribution(r, 8, n)];
    },
    inexact: [0, 1],
    result: ([x]) => ({ rows: x.rows, cols: 1 }),
    simulate([x, targets], _f, y) {
      for (let i = 0; i < x.rows; i++) {
        const t = elements(targets, (row) => row === i);
        y.data[i] = hit(x, i, t.indexOf(Math.max(...t)));
      }
    },
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
};

/**
 * A quarter of the elements must use this share of their bound on the worst of the devices. (No sum of both signs comes
 * near the n·u that it is allowed; the others use more.)
 */
const LEAST_USED = 0.05;

/** Errors of inputs to try: none, rounding, and some that are not small. */
const errors = [0, 0, 1e-7, 1e-4, 0.1, 3, 400];

function withErrors(x: Values, random: Random): Values {
  const size = random.pick(errors);
  return { ...x, error: Float64Array.from(x.data, () => (random.next() < 0.2 ? 0 : size * random.next())) };
}

/** Inputs that a GPU may have in place of `x`. */
function shifted(x: Values, random: Random, corner: boolean): Values {
  const { error } = x;
  if (!error) return x;
  const data = Float32Array.from(x.data, (value, i) => {
    const moved = Math.fround(value + error[i] * 0.999999 * (corner ? random.pick([-1, 1]) : random.uniform(-1, 1)));
    return Math.abs(moved - value) <= error[i] ? moved : value;
  });
  return { ...x, data };
}

const structural = OPS.filter((op): op is StructuralOp => op.kind === 'structural');

function referenceCalled(name: string) {
  const op = structural.find((candidate) => candidate.name === name);
  if (!op) throw new Error(`test: there is no op ${name}`);
  return referenceOf(op);
}

describe('structural ops', () => {
  test('each has a case, and no case is left over', () => {
    expect(Object.keys(CASES).sort()).toEqual(structural.map((op) => op.name).sort());
  });

  test.each(structural.map((op) => [op.name, op] as const))('%s: no conforming GPU leaves the bound', (name, op) => {
    const { inputs, inexact, result, simulate } = CASES[name];
    const random = new Random(name.length);
    const used: number[] = [];
    for (let trial = 0; trial < 80; trial++) {
      const x = inputs(random).map((operand, i) => (inexact.includes(i) ? withErrors(operand, random) : operand));
      const { rows, cols } = result(x);
      const y = { rows, cols, data: new Float64Array(rows * cols), error: new Float64Array(rows * cols) };
      referenceOf(op).evaluate(x, y, {});
      const worst = new Float64Array(rows * cols);
      for (let device = 0; device < 12; device++) {
        const arithmetic = new ConformingArithmetic(
          device === 0 ? () => 0 : device < 4 ? () => random.pick([-1, 1]) : () => random.uniform(-1, 1),
        );
        const got: Values = matrix(rows, cols, new Float32Array(rows * cols));
        const given = x.map((operand) => shifted(operand, random, device % 2 === 0));
        simulate(given, arithmetic, got);
        for (let i = 0; i < worst.length; i++) {
          const difference = Math.abs(got.data[i] - y.data[i]);
          worst[i] = Math.max(worst[i], difference);
          if (!(difference <= y.error[i])) {
            expect.fail(`${name}, trial ${trial}: element ${i} is ${got.data[i]}, not ${y.data[i]} ± ${y.error[i]}`);
          }
        }
      }
      for (let i = 0; i < worst.length; i++) if (y.error[i] > 1e-30) used.push(worst[i] / y.error[i]);
    }
    used.sort((a, b) => a - b);
    expect(used[(3 * used.length) >> 2]).toBeGreaterThan(LEAST_USED);
  });

  test.each(['softmaxCrossEntropyGradient', 'softTargetCrossEntropyGradient'])(
    '%s is exactly 0 in rows without weight, whatever the logits',
    (name) => {
      const x = CASES[name].inputs(new Random(1)).map((operand) => withErrors(operand, new Random(2)));
      x[0] = matrix(4, 1, new Float64Array(4));
      x[1].data.fill(Number.NaN);
      const size = x[1].data.length;
      const y = {
        ...CASES[name].result(x),
        data: new Float64Array(size).fill(1),
        error: new Float64Array(size).fill(1),
      };
      referenceCalled(name).evaluate(x, y, {});
      expect(y.data).toEqual(new Float64Array(size));
      expect(y.error).toEqual(new Float64Array(size));
    },
  );

  test('a hit is uncertain only where the logits of two classes are within their errors', () => {
    const x = (error: number[]) => ({ ...matrix(1, 3, Float64Array.of(1, 2, 1.5)), error: Float64Array.from(error) });
    const errorOf = (error: number[], label: number) => {
      const y = { rows: 1, cols: 1, data: new Float64Array(1), error: new Float64Array(1) };
      referenceCalled('correct').evaluate([x(error), matrix(1, 1, Uint32Array.of(label))], y, {});
      return [y.data[0], y.error[0]];
    };
    expect(errorOf([0.1, 0.1, 0.1], 1)).toEqual([1, 0]);
    expect(errorOf([0.1, 0.3, 0.3], 1)).toEqual([1, 1]);
    expect(errorOf([0.1, 0.3, 0.3], 2)).toEqual([0, 1]);
    expect(errorOf([0.1, 0.3, 0.3], 0)).toEqual([0, 0]);
  });
});
