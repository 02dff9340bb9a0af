import { expect, test } from 'vitest';
import { firstDifference } from '../../src/debug/first-difference.js';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { checkKernel, runKernel } from '../../src/verify/kernels.js';
import { Verification } from '../../src/verify/verification.js';
import { checkVerifyOptions } from '../../src/verify/verify-options.js';
import { sharedEngine } from '../gpu/stored.js';
import { mutantEngine } from '../mutation/mutant-engine.js';

const constantly = (value: number) => (_: unknown, rows: number, cols: number) =>
  new Array<number>(rows * cols).fill(value);

test.for([
  ['equal bits', [1, 2], [1, 2], -1],
  ['zeros of either sign', [0, 0x80000000, 7], [0x80000000, 0, 7], -1],
  ['another sign', [1, 0x3f800000], [1, 0xbf800000], 1],
  ['the smallest subnormal and 0', [0, 1], [0, 0], 1],
  ['a shorter second', [1, 0], [1], 1],
  ['a shorter first', [1], [1, 0], 1],
] as const)('firstDifference of %s', ([, a, b, index]) => {
  expect(firstDifference(Uint32Array.from(a), Uint32Array.from(b))).toBe(index);
});

/** Stores -0 for 0 in one variant, as where a compiler has made the first step of a sum a product alone. */
const peeled = (wgsl: string) =>
  wgsl.startsWith('// matmul-nn direct')
    ? wgsl.replace('inside(value,', 'inside(bitcast<vec4f>(bitcast<vec4u>(value) | vec4u(0x80000000u)),')
    : wgsl;

test('a product whose first step is not added to +0 has the bits of other variants for verification', async () => {
  const engine = mutantEngine(await sharedEngine(), peeled);
  const product = KERNEL_CASES.find(({ kernel }) => kernel.name === 'matmul-nn');
  if (!product) throw new Error('no case');
  const of = { ...product, draw: { a: constantly(-2), b: constantly(0) } };
  const shape = { m: 7, n: 5, k: 3 };
  const { stored } = await runKernel(engine, of, { sizes: shape, variant: 'direct', arrangement: 'alone' });
  expect(stored[0].y.words).toContain(0x80000000);

  const options = checkVerifyOptions('test', { kernel: 'matmul-nn', shape, seed: 0, quick: true });
  const runs = await checkKernel(engine, of, options, new Verification('test', options));
  expect(runs.map(({ variant, differsAt, failedAt }) => [variant, differsAt, failedAt])).toEqual(
    runs.map(({ variant }) => [variant, undefined, undefined]),
  );
  expect(runs.length).toBeGreaterThan(1);
});
