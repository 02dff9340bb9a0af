import { expect, test } from 'vitest';
import { verify, verifyEngine } from '../../src/verify/verify.js';
import { checkVerifyOptions } from '../../src/verify/verify-options.js';

const refused: readonly [options: object, message: string][] = [
  [{ quik: true }, "TypeError: v: unknown option 'quik', did you mean 'quick'?"],
  [{ quick: 1 }, 'TypeError: v: quick must be true or false, got 1'],
  [{ seconds: 0 }, 'RangeError: v: seconds must be a number > 0, got 0'],
  [{ seconds: Number.NaN }, 'RangeError: v: seconds must be a number > 0, got NaN'],
  [{ members: 65 }, 'RangeError: v: members must be an integer in [1, 64], got 65'],
  [{ kernel: 'head', sections: ['steps'] }, 'TypeError: v: kernel checks a kernel alone; leave sections out'],
  [{ steps: 0 }, 'RangeError: v: steps must be a positive integer, got 0'],
  [{ seed: -1 }, 'RangeError: v: seed must be an integer in [0, 4294967295], got -1'],
  [{ host: 1 }, 'TypeError: v: host must be a string, got 1'],
  [{ signal: true }, 'TypeError: v: signal must be an AbortSignal, got true'],
  [{ onProgress: 1 }, 'TypeError: v: onProgress must be a function, got 1'],
  [
    { sections: 'steps' },
    'TypeError: v: sections must be an array of some of randomness, kernels, gradients, steps, got "steps"',
  ],
  [
    { sections: ['step'] },
    "RangeError: v: sections[0] must be one of 'randomness', 'kernels', 'gradients', 'steps', got \"step\", did you mean 'steps'?",
  ],
  [{ kernel: 1 }, 'TypeError: v: kernel must be a string, got 1'],
  [{ kernel: 'matmul-xn' }, 'RangeError: v: kernel must be one of matmul-nn, matmul-nt, '],
  [
    { variant: 'fast' },
    "RangeError: v: variant must be one of 'direct', 'broadcast', 'tiled', 'tiled-64', 'thin', got \"fast\"",
  ],
  [{ kernel: 'sum-rows', variant: 'tiled' }, 'RangeError: v: variant must be one of \'direct\', got "tiled"'],
  [{ shape: { m: 1 } }, 'TypeError: v: shape needs a kernel'],
  [{ kernel: 'matmul-nn', shape: null }, 'TypeError: v: shape must be an object such as { m: 33, n: 34 }, got null'],
  [{ kernel: 'matmul-nn', shape: { m: 1, n: 1, q: 1 } }, "TypeError: v: shape: unknown option 'q'; known: m, n, k"],
  [
    { kernel: 'matmul-nn', shape: { m: 1, n: 1 } },
    'TypeError: v: shape.k must be an integer in [1, 4096], got undefined',
  ],
  [
    { kernel: 'matmul-nn', shape: { m: 1, n: 1, k: 5000 } },
    'RangeError: v: shape.k must be an integer in [1, 4096], got 5000',
  ],
  [{ kernel: 'tile-sums', shape: { m: 4, n: 1, count: 5 } }, 'RangeError: v: shape.count must be at most m = 4, got 5'],
  [
    { kernel: 'head', shape: { m: 4, n: 33, k: 1, count: 4 } },
    'RangeError: v: head is not made for m=4,n=33,k=1,count=4',
  ],
  [
    { kernel: 'gather', shape: { e: 5, c: 1, d: 1, m: 4, start: 2, count: 4 } },
    'RangeError: v: shape.start + shape.count must be at most e = 5, got 6',
  ],
];

test.each(refused)('%j is refused', (options, message) => {
  let complaint = '';
  try {
    checkVerifyOptions('v', options, ['members']);
  } catch (error) {
    complaint = String(error);
  }
  expect(complaint.slice(0, message.length)).toBe(message);
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
