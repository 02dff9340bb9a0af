import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { variantsOn } from '../../src/kernels/index.js';
import { OPS } from '../../src/ops/every-op.js';
import type { Values } from '../../src/ops/tensor.js';
import { caseName, KERNEL_CASES, type KernelCase } from '../../src/verify/kernel-cases.js';
import { ARRANGEMENTS, runKernel } from '../../src/verify/kernels.js';
import { differences } from '../gpu/comparison.js';
import { sharedEngine } from '../gpu/stored.js';
import { THOROUGH } from '../laws/law.js';
import { ascendingProduct, ascendingSums } from './ascending.js';

const engine = await sharedEngine();
const probe = await engine.probe();

test('every kernel and every elementwise op has a case', () => {
  const tested = new Set(KERNEL_CASES.map(({ kernel }) => kernel.name));
  expect(KERNELS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  const cases = new Set(KERNEL_CASES.map(caseName));
  const elementwise = OPS.filter(({ kind, name }) => kind === 'elementwise' && name !== 'expand');
  expect(elementwise.map(({ name }) => `map ${name}`).filter((name) => !cases.has(name))).toEqual([]);
  expect(cases.size).toBe(KERNEL_CASES.length);
});

const runs = ({ kernel }: KernelCase, name: string) =>
  variantsOn(engine.traits, kernel).some((variant) => variant.name === name);

const rows = KERNEL_CASES.map((each) => [caseName(each), each] as const);

describe.each(rows)('%s', (_, each) => {
  test.for(each.kernel.variants.map(({ name }) => name))(
    '%s computes what the kernel says',
    async (variant, { skip }) => {
      skip(!runs(each, variant), 'this device cannot run it');
      const complaints: string[] = [];
      for (const [i, sizes] of each.shapes.entries()) {
        for (const arrangement of THOROUGH ? ARRANGEMENTS : [ARRANGEMENTS[i % ARRANGEMENTS.length]]) {
          const { findings } = await runKernel(engine, each, { sizes, variant, arrangement });
          const where = `${JSON.stringify(sizes)}, ${arrangement}`;
          complaints.push(...findings.problems.map((problem) => `${where}: ${problem}`));
        }
      }
      expect(complaints).toEqual([]);
    },
  );
});

/** Returns the outputs of a kernel if every operation is rounded to nearest and nothing is fused. */
const FORETOLD: Readonly<Record<string, (x: Readonly<Record<string, Values>>) => Record<string, Float32Array>>> = {
  'matmul-nn': ({ a, b }) => ({ y: ascendingProduct(a, b, {}) }),
  'matmul-nt': ({ a, b }) => ({ y: ascendingProduct(a, b, { transposeB: true }) }),
  'matmul-tn': ({ a, b }) => ({ y: ascendingProduct(a, b, { transposeA: true }) }),
  'matmul-tn-sums': ({ a, b }) => ({ y: ascendingProduct(a, b, { transposeA: true }), sums: ascendingSums(b) }),
  'sum-rows': ({ x }) => ({ y: ascendingSums(x) }),
};

describe.each(KERNEL_CASES.filter(({ kernel }) => kernel.name in FORETOLD))('$kernel.name', (each) => {
  const variants = each.kernel.variants.map(({ name }) => name);
  test.for(variants)('%s has the bits of ascending f32 sums', async (variant, { skip }) => {
    skip(!runs(each, variant), 'this device cannot run it');
    skip(probe.fusesMultiplyAdd || !probe.roundsToNearest, 'this device rounds as it likes');
    const found: string[] = [];
    for (const sizes of each.shapes) {
      const { stored, operands } = await runKernel(engine, each, { sizes, variant, arrangement: 'alone' });
      for (const [name, bits] of Object.entries(FORETOLD[each.kernel.name](operands[0]))) {
        const where = `${name} at ${JSON.stringify(sizes)}`;
        found.push(...differences(where, stored[0][name].words, new Uint32Array(bits.buffer)));
      }
    }
    expect(found).toEqual([]);
  });
});

describe.each(KERNEL_CASES.filter(({ kernel }) => kernel.variants.length > 1))('$kernel.name', (each) => {
  test('has the same bits in every variant', async ({ skip }) => {
    skip(probe.fusesMultiplyAdd, 'a device that fuses may do so in one text and not in another');
    const found: string[] = [];
    for (const sizes of each.shapes) {
      const names = variantsOn(engine.traits, each.kernel).map(({ name }) => name);
      const runs = [];
      for (const variant of names) runs.push(await runKernel(engine, each, { sizes, variant, arrangement: 'alone' }));
      for (const [i, { stored }] of runs.entries()) {
        for (const [output, { words }] of Object.entries(stored[0])) {
          const where = `${output} at ${JSON.stringify(sizes)}, ${names[0]} and ${names[i]}`;
          found.push(...differences(where, runs[0].stored[0][output].words, words));
        }
      }
    }
    expect(found).toEqual([]);
  });
});
