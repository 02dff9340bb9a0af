import { describe, expect, test } from 'vitest';
import type { Layer } from '../../src/nn/layer.js';
import { add, constant, defineRandomOp, multiply, random, randomNormal, randomUniform } from '../../src/ops.js';
import { normalCdf, quantile } from '../../src/random/normal.js';
import { philox } from '../../src/random/philox.js';
import { FAR, NEAR } from './elementwise-cases.js';
import { Inputs } from './inputs.js';
import { expectTrainsAlike } from './own-parts.js';

test('quantiles of the normal distribution', () => {
  expect(quantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(quantile(2 ** -24)).toBeCloseTo(-5.294704084854598, 13);
  for (let u = 2 ** -24; u < 1; u *= 1.7) expect(Math.abs(normalCdf(quantile(u)) / u - 1)).toBeLessThan(1e-12);
});

test("randomNormal's polynomials are off by one unit in the last place at most", () => {
  const polynomial = (x: number, c: readonly number[]) => c.reduce((sum, each) => sum * x + each, 0);
  for (let odd = 1; odd < 2 ** 23 - 1000; odd += 2 * Math.ceil(odd / 5000)) {
    const w = -Math.log((odd * (2 ** 24 - odd)) / 2 ** 46);
    const p = w < 5 ? polynomial(w - 2.5, NEAR) : polynomial(Math.sqrt(w) - 3, FAR);
    const z = Math.SQRT2 * p * (odd / 2 ** 23 - 1);
    expect(Math.abs(z / quantile(odd / 2 ** 24) - 1)).toBeLessThan(1.06 * 2 ** -23);
  }
});

const jitter = defineRandomOp({
  name: 'jitter',
  wgsl: `fn jitter(x: vec4f, at: Place, source: u32) -> vec4f {
    return x + vec4f(random_words(at, source, 1u) >> vec4u(8u)) * 0x1p-24;
  }`,
  value: (word, x) => x + (word(1) >>> 8) * 2 ** -24,
  gradient: (dy) => [dy],
});

describe('by the contract of randomness', () => {
  const key = [0x12345678, 0x9abcdef0] as const;
  const [step, layer, sample, first] = [7, 3 + 5 * 2 ** 24, 2, 4];
  const words = [...key, step, layer, sample, 0, 0, first];
  const wordOf = (row: number, col: number, cols: number, draw: number) => {
    const quad = (row + first) * Math.ceil(cols / 4) + Math.floor(col / 4);
    return philox(quad, step, layer + draw * 2 ** 16, sample, key, new Uint32Array(4))[col % 4];
  };
  const wanted = (rows: number, cols: number, element: (row: number, col: number) => number) =>
    Array.from({ length: rows * cols }, (_, i) => element(Math.floor(i / cols), i % cols));

  test('uniform and normal numbers', () => {
    const inputs = new Inputs();
    const source = inputs.words(words);
    expect(inputs.values(randomUniform(source, { rows: 3, cols: 6 }))).toEqual(
      wanted(3, 6, (row, col) => Math.floor(wordOf(row, col, 6, 0) / 256) / 2 ** 24),
    );
    expect(inputs.values(randomNormal(source, { rows: 3, cols: 6 }))).toEqual(
      wanted(3, 6, (row, col) => quantile((2 * Math.floor(wordOf(row, col, 6, 0) / 512) + 1) / 2 ** 24)),
    );
  });

  test('the draws of an op from outside', () => {
    const inputs = new Inputs();
    const y = jitter(inputs.matrix(2, 5, new Float64Array(10)), inputs.words(words));
    expect(inputs.values(y)).toEqual(wanted(2, 5, (row, col) => Math.floor(wordOf(row, col, 5, 1) / 256) / 2 ** 24));
  });
});

test('what is no source is refused', () => {
  const inputs = new Inputs();
  const x = inputs.scalar(1);
  const got = 'source must be the words of random(context, name), got';
  expect(() => jitter(x, x)).toThrow(new Error(`jitter: ${got} f32 [1, 1]`));
  expect(() => jitter(x, inputs.words([1, 2]))).toThrow(new Error(`jitter: ${got} u32 [1, 2]`));
  expect(() => jitter(x)).toThrow(new Error('jitter: takes (x, source), got 1 tensors'));
});

describe('in a model', () => {
  /** Noise in every shape that broadcasts: the mask of a row, a column and an element is drawn inside kernels of [m, n]. */
  const noise = (): Layer => ({
    kind: 'noise',
    options: {},
    apply(x, context) {
      if (!context.random) return x;
      const { rows, cols } = x;
      const of = (name: string) => random(context, name);
      const all = [
        randomNormal(of('all'), x),
        randomNormal(of('row'), { rows: 1, cols }),
        randomUniform(of('column'), { rows, cols: 1 }),
        randomUniform(of('element'), { rows: 1, cols: 1 }),
        jitter(constant(context.trace, 0), of('jitter')),
      ].reduce(add);
      return multiply(x, add(constant(context.trace, 1), multiply(constant(context.trace, 0.1), all)));
    },
  });

  test('the GPU draws what the reference draws, in training and in a verification', () => expectTrainsAlike(noise()));
});
