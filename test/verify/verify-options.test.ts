import { expect, test } from 'vitest';
import { caseName, KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { verify, verifyEngine } from '../../src/verify/verify.js';
import { checkVerifyOptions } from '../../src/verify/verify-options.js';
import { testRefusals } from '../errors/refusals.js';

const check = (options: object) => checkVerifyOptions('v', options, ['members']);
const KERNELS = [...new Set(KERNEL_CASES.flatMap((each) => [each.kernel.name, caseName(each)]))].join(', ');

testRefusals({
  "TypeError: v: unknown option 'quik', did you mean 'quick'?; known: quick, sections, kernel, variant, shape, seed, seconds, steps, host, signal, onProgress, members":
    () => check({ quik: true }),
  'TypeError: v: quick must be true or false, got 1': () => check({ quick: 1 }),
  'RangeError: v: seconds must be a number > 0, got 0': () => check({ seconds: 0 }),
  'RangeError: v: seconds must be a number > 0, got NaN': () => check({ seconds: Number.NaN }),
  'RangeError: v: members must be an integer in [1, 64], got 65': () => check({ members: 65 }),
  'TypeError: v: kernel checks a kernel alone; leave sections out': () =>
    check({ kernel: 'head', sections: ['steps'] }),
  'RangeError: v: steps must be a positive integer, got 0': () => check({ steps: 0 }),
  'RangeError: v: seed must be an integer in [0, 4294967295], got -1': () => check({ seed: -1 }),
  'TypeError: v: host must be a string, got 1': () => check({ host: 1 }),
  'TypeError: v: signal must be an AbortSignal, got true': () => check({ signal: true }),
  'TypeError: v: onProgress must be a function, got 1': () => check({ onProgress: 1 }),
  'TypeError: v: sections must be an array of some of randomness, kernels, gradients, steps, got "steps"': () =>
    check({ sections: 'steps' }),
  "RangeError: v: sections[0] must be one of 'randomness', 'kernels', 'gradients', 'steps', got \"step\", did you mean 'steps'?":
    () => check({ sections: ['step'] }),
  'TypeError: v: kernel must be a string, got 1': () => check({ kernel: 1 }),
  [`RangeError: v: kernel must be one of ${KERNELS}, keep and flags, rows of buffers, got "matmul-xn", did you mean 'matmul-nn'?`]:
    () => check({ kernel: 'matmul-xn' }),
  "RangeError: v: variant must be one of 'direct', 'broadcast', 'thin', 'tiled-16', 'tiled', 'tiled-64', 'tiled-128', got \"fast\"":
    () => check({ variant: 'fast' }),
  'RangeError: v: variant must be one of \'direct\', got "tiled"': () =>
    check({ kernel: 'sum-rows', variant: 'tiled' }),
  'TypeError: v: shape needs a kernel': () => check({ shape: { m: 1 } }),
  'TypeError: v: shape must be an object such as { m: 33, n: 34 }, got null': () =>
    check({ kernel: 'matmul-nn', shape: null }),
  "TypeError: v: shape: unknown option 'q'; known: m, n, k": () =>
    check({ kernel: 'matmul-nn', shape: { m: 1, n: 1, q: 1 } }),
  'TypeError: v: shape.k must be an integer in [1, 4096], got undefined': () =>
    check({ kernel: 'matmul-nn', shape: { m: 1, n: 1 } }),
  'RangeError: v: shape.k must be an integer in [1, 4096], got 5000': () =>
    check({ kernel: 'matmul-nn', shape: { m: 1, n: 1, k: 5000 } }),
  'RangeError: v: shape.count must be at most m = 4, got 5': () =>
    check({ kernel: 'tile-sums', shape: { m: 4, n: 1, count: 5 } }),
  'RangeError: v: head is not made for m=4,n=33,k=1,count=4': () =>
    check({ kernel: 'head', shape: { m: 4, n: 33, k: 1, count: 4 } }),
  'RangeError: v: shape.start + shape.count must be at most e = 5, got 6': () =>
    check({ kernel: 'gather', shape: { e: 5, c: 1, d: 1, m: 4, start: 2, count: 4 } }),
});

test('every option has a default', () => {
  expect(checkVerifyOptions('v', {})).toMatchObject({ quick: false, seconds: 300, steps: 3, members: 2 });
  expect(checkVerifyOptions('v', { quick: true })).toMatchObject({ quick: true, seconds: 60, steps: 1 });
  expect([...checkVerifyOptions('v', { kernel: 'head' }).sections]).toEqual(['kernels']);
});

test('what is no engine and no trainer is refused', async () => {
  await expect(verifyEngine({} as never)).rejects.toThrow(
    'verifyEngine: engine must be made by createEngine, got a Object',
  );
  await expect(verify({} as never)).rejects.toThrow(
    'trainer must be made by createTrainer or loadTrainer, got a Object',
  );
});
