import { describe, expect, test } from 'vitest';
import { OPS } from '../../src/ops/every-op.js';
import type { StructuralOp, Values } from '../../src/ops/index.js';
import { referenceOf } from '../../src/reference/references.js';
import { ConformingArithmetic } from './conforming.js';
import { Random } from './random.js';
import { matrix, STRUCTURAL_CASES, sizes } from './structural-cases.js';

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
    expect(Object.keys(STRUCTURAL_CASES).sort()).toEqual(structural.map((op) => op.name).sort());
  });

  test.each(structural.map((op) => [op.name, op] as const))('%s: no conforming GPU leaves the bound', (name, op) => {
    const { inputs, inexact, result, simulate } = STRUCTURAL_CASES[name];
    const random = new Random(name.length);
    const used: number[] = [];
    for (let trial = 0; trial < 80; trial++) {
      const x = inputs(random, random.pick(sizes)).map((operand, i) =>
        inexact.includes(i) ? withErrors(operand, random) : operand,
      );
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
    const tooLoose = `${name}: its bound in src/reference is too loose; three in four samples use less of it than this`;
    expect(used[(3 * used.length) >> 2], tooLoose).toBeGreaterThan(LEAST_USED);
  });

  test.each(['softmaxCrossEntropyGradient', 'softTargetCrossEntropyGradient'])(
    '%s is exactly 0 in rows without weight, whatever the logits',
    (name) => {
      const x = STRUCTURAL_CASES[name].inputs(new Random(1), 7).map((operand) => withErrors(operand, new Random(2)));
      x[0] = matrix(4, 1, new Float64Array(4));
      x[1].data.fill(Number.NaN);
      const size = x[1].data.length;
      const [data, error] = [new Float64Array(size).fill(1), new Float64Array(size).fill(1)];
      const y = { ...STRUCTURAL_CASES[name].result(x), data, error };
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
