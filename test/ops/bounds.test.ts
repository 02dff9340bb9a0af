import { expect, test } from 'vitest';
import { OPS } from '../../src/ops/every-op.js';
import type { ElementwiseOp } from '../../src/ops/index.js';
import type { Place } from '../../src/ops/tensor.js';
import { referenceOf } from '../../src/reference/references.js';
import { ConformingArithmetic } from './conforming.js';
import { CASES } from './elementwise-cases.js';
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

test('every elementwise op has a case, and no case is left over', () => {
  const complete = Object.keys(CASES).filter((name) => CASES[name].simulate !== undefined);
  expect(complete.sort()).toEqual(elementwise.map((op) => op.name).sort());
});

test.each(elementwise.map((op) => [op.name, op] as const))('%s: no conforming GPU leaves the bound', (name, op) => {
  const { draw, words = [], simulate } = CASES[name];
  const reference = referenceOf(op);
  const random = new Random(name.length);
  const used: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const x = draw.map((operand) => Math.fround(operand(random)));
    const size = random.pick(sizes);
    const e = x.map((value) => (random.next() < 0.3 ? 0 : size * random.next() * Math.max(Math.abs(value), 1e-6)));
    const at: Place = { row: sample % 5, col: sample % 7, cols: 7, words };
    const y = reference.value(x, at);
    const bound = reference.error(x, e, y, at);
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
  expect(used[used.length >> 1]).toBeGreaterThan(LEAST_USED);
});
