import { expect, test } from 'vitest';
import { OPS } from '../../src/ops/every-op.js';
import type { ElementwiseOp } from '../../src/ops/index.js';
import type { Place } from '../../src/ops/tensor.js';
import { referenceOf } from '../../src/reference/references.js';
import { saturated, UNKNOWN } from '../../src/reference/rounding.js';
import { ConformingArithmetic, OverflowingArithmetic } from './conforming.js';
import { CASES, caseOf } from './elementwise-cases.js';
import { Random } from './random.js';

const elementwise = OPS.filter((op): op is ElementwiseOp => op.kind === 'elementwise');
const SAMPLES = 2000;
const DEVICES = 24;

/**
 * A bound is no use if nothing comes near it: in half of the samples the worst of the devices must use a fifth of it.
 * (Measured: 0.25 for gelu to 1 for the ops that do not round.)
 */
const LEAST_USED = 0.2;

/** Errors of inputs to try: none, rounding, and some that are not small. */
const sizes = [0, 0, 1e-7, 1e-4, 0.1, 3];

test('an op without a case is told the file to add it to', () => {
  expect(() => caseOf('noSuchOp')).toThrow(
    'test: noSuchOp has no case; transcribe its WGSL into SIMULATED in test/ops/elementwise-cases.ts',
  );
});

test('every elementwise op has a case, and no case is left over', () => {
  const complete = Object.keys(CASES).filter((name) => CASES[name].simulate !== undefined);
  expect(complete.sort()).toEqual(elementwise.map((op) => op.name).sort());
});

test.each(elementwise.map((op) => [op.name, op] as const))('%s: no conforming GPU leaves the bound', (name, op) => {
  const { draw, words = [], simulate } = caseOf(name);
  const reference = referenceOf(op);
  const random = new Random(name.length);
  const used: number[] = [];
  let known = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const x = draw.map((operand) => Math.fround(operand(random)));
    const size = random.pick(sizes);
    const e = x.map((value) => (random.next() < 0.3 ? 0 : size * random.next() * Math.max(Math.abs(value), 1e-6)));
    const at: Place = { row: draw.length === 0 ? sample : sample % 5, col: sample % 7, cols: 7, words };
    const y = reference.value(x, at);
    const bound = reference.error(x, e, y, at);
    if (bound === UNKNOWN) continue;
    known++;
    let worst = 0;
    for (let device = 0; device < DEVICES; device++) {
      const arithmetic = new ConformingArithmetic(
        device === 0 ? () => 0 : device < 4 ? () => random.pick([-1, 1]) : () => random.uniform(-1, 1),
      );
      const corner = device % 2 === 0;
      const shifted = x.map((value, i) =>
        Math.fround(value + e[i] * 0.999999 * (corner ? random.pick([-1, 1]) : random.uniform(-1, 1))),
      );
      // fround may leave the range of a tiny error
      const inputs = shifted.map((value, i) => (Math.abs(value - x[i]) <= e[i] ? value : x[i]));
      const got = simulate(inputs, arithmetic, at);
      worst = Math.max(worst, Math.abs(got - y));
      if (!(Math.abs(got - y) <= bound)) {
        expect.fail(`${name}(${inputs}) gives ${got}, not ${y} ± ${bound} as for (${x}) within (${e})`);
      }
    }
    if (bound > 0) used.push(worst / bound);
  }
  used.sort((a, b) => a - b);
  expect(known, 'samples of which something is known').toBeGreaterThan(SAMPLES / 2);
  const tooLoose = `${name}: its bound in src/reference is too loose; half of the samples use less of it than this`;
  if (used.length > 0) expect(used[used.length >> 1], tooLoose).toBeGreaterThan(LEAST_USED);
});

const MAGNITUDES = [1e10, 1e19, 3e19, 1e25, 1e30, 1e37, 1e38, 1.8e38, 3e38];
/** Operands of which nothing is known: what an overflow may leave. */
const LEFT_OPEN = [Number.NaN, Infinity, -Infinity, 0, -3e38];

test.each(elementwise.map((op) => [op.name, op] as const))(
  '%s: near overflow the bound holds or says that nothing is known',
  (name, op) => {
    const { draw, words = [], simulate } = caseOf(name);
    const reference = referenceOf(op);
    const random = new Random(name.length);
    let known = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const huge = () => Math.fround(random.pick([-1, 1]) * random.uniform(0.5, 1) * random.pick(MAGNITUDES));
      const x = draw.map((operand) => (random.next() < 0.5 ? huge() : Math.fround(operand(random))));
      if (name === 'averageSquare' || name === 'adamDirection') x[name === 'averageSquare' ? 0 : 1] = Math.abs(x[1]);
      const e = x.map((value) => (random.next() < 0.1 ? UNKNOWN : random.next() < 0.5 ? 0 : Math.abs(value) * 1e-7));
      const at: Place = { row: sample % 5, col: sample % 7, cols: 7, words };
      const y = reference.value(x, at);
      const bound = saturated(y, reference.error(x, e, y, at));
      if (bound === UNKNOWN) continue;
      known++;
      for (let device = 0; device < 4; device++) {
        const arithmetic = new OverflowingArithmetic(device === 0 ? () => 0 : () => random.pick([-1, 1]));
        const inputs = x.map((value, i) => (e[i] === UNKNOWN ? random.pick(LEFT_OPEN) : value));
        const got = simulate(inputs, arithmetic, at);
        if (!(Math.abs(got - y) <= bound)) {
          expect.fail(`${name}(${inputs}) gives ${got}, not ${y} ± ${bound} as for (${x}) within (${e})`);
        }
      }
    }
    expect(known, 'samples of which something is known').toBeGreaterThan(SAMPLES / 10);
  },
);
