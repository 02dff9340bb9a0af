import { describe, expect, test } from 'vitest';
import type { Layer } from '../../src/nn/layer.js';
import { input } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { add, defineOp, matmul } from '../../src/ops.js';
import { Layout } from '../../src/plan/layout.js';
import { createTrainer } from '../../src/train/create-trainer.js';
import { testRefusals } from '../errors/refusals.js';
import { sharedEngine } from '../gpu/stored.js';
import { plan } from '../plan/plan-step.js';
import { Inputs } from './inputs.js';
import { expectTrainsAlike, modelWith, OPTIONS, SOFTSIGN } from './own-parts.js';

const softsign = defineOp(SOFTSIGN);
const layer = (op = softsign): Layer => ({ kind: 'softsign', options: {}, apply: (x) => op(x) });

const refusal = (changes: object) => () => defineOp({ ...SOFTSIGN, ...changes });
const oneFunction = (got: string) =>
  `RangeError: defineOp: softsign: wgsl must be one function \`fn softsign(x: vec4f, ...) -> vec4f { ... }\`, got "${got}"`;
const NAME = 'a lower-case letter, then letters and digits';

describe('what is wrong is named', () => {
  testRefusals(
    {
      "TypeError: defineOp: unknown option 'gradients', did you mean 'gradient'?; known: name, wgsl, value, gradient, ulps, error, draw, kink":
        refusal({
          gradients: 1,
        }),
      [`TypeError: defineOp: name must be ${NAME}, got 1`]: refusal({ name: 1 }),
      [`RangeError: defineOp: name must be ${NAME}, got "soft_sign"`]: refusal({ name: 'soft_sign' }),
      "RangeError: defineOp: name must not be a name of WGSL or of the shaders, got 'sqrt'": refusal({ name: 'sqrt' }),
      'TypeError: defineOp: softsign: wgsl must be a string, got undefined': refusal({ wgsl: undefined }),
      [oneFunction('fn soft(x: vec4f) -> vec4f { return x; }')]: refusal({
        wgsl: 'fn soft(x: vec4f) -> vec4f { return x; }',
      }),
      [oneFunction('fn softsign(x: f32) -> vec4f { return vec4f(x); }')]: refusal({
        wgsl: 'fn softsign(x: f32) -> vec4f { return vec4f(x); }',
      }),
      [oneFunction('fn softsign(x: vec4f) -> vec4f { return x; } fn g() {}')]: refusal({
        wgsl: 'fn softsign(x: vec4f) -> vec4f { return x; } fn g() {}',
      }),
      'TypeError: defineOp: softsign: value must be a function, got undefined': refusal({ value: undefined }),
      'TypeError: defineOp: softsign: gradient must be a function, got 3': refusal({ gradient: 3 }),
      'RangeError: defineOp: softsign: ulps must be a number >= 0, got -1': refusal({ ulps: -1 }),
      'TypeError: defineOp: softsign: draw must be a list of 1 functions, got []': refusal({ draw: [] }),
      'Error: softsign: takes (x), got 2 tensors': () => {
        const x = new Inputs().scalar(1);
        softsign(x, x);
      },
      'Error: softsign: operands must be numbers, got u32': () => softsign(new Inputs().words([1])),
      'Error: softsign: two different ops of this name meet in one model': () => {
        const x = new Inputs().scalar(1);
        return add(softsign(x), defineOp(SOFTSIGN)(x));
      },
    },
    {},
  );
});

test('a comment, several lines and several operands are read', () => {
  const wgsl = '// a mean\nfn mid(a: vec4f, /* the other */ b: vec4<f32>,) -> vec4f {\n  return 0.5 * (a + b);\n}\n';
  const mid = defineOp({ name: 'mid', wgsl, value: (a, b) => (a + b) / 2 });
  expect(mid.op.operands).toEqual(['a', 'b']);
  const inputs = new Inputs();
  const y = mid(inputs.matrix(2, 2, [1, 2, 3, 4]), inputs.row([3, 8]));
  expect(inputs.values(y)).toEqual([2, 5, 3, 6]);
});

test('it rides in the kernel that makes its input', () => {
  const trace = new Trace();
  const y = softsign(matmul(input(trace, 'x', 5, 3), input(trace, 'w', 3, 4)));
  const { dispatches } = plan({ updates: [], metrics: [], outputs: [y] }, new Layout());
  expect(dispatches.map(({ title }) => title)).toEqual(['matmul-nn direct + softsign']);
});

describe('in a model', () => {
  const model = (op = softsign) => modelWith(layer(op));

  test('it rides, trains on the GPU as on the reference, and is verified', () => expectTrainsAlike(layer()));

  test('WGSL that the device refuses is shown, with the line', async () => {
    const bad = defineOp({ ...SOFTSIGN, wgsl: 'fn softsign(x: vec4f) -> vec4f {\n  return x / (one + abs(x));\n}' });
    await expect(createTrainer(await sharedEngine(), model(bad), OPTIONS)).rejects.toThrow(
      /^shader matmul-nn .* softsign .*: WebGPU refuses it\n.*> \d+ \| {3}return x \/ \(one \+ abs\(x\)\);\n.*unresolved value 'one'/s,
    );
  });
});
