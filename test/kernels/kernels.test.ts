import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/index.js';
import { gpuEngine } from '../gpu/stored.js';
import { ARRANGEMENTS, runKernel } from './harness.js';
import { KERNEL_CASES } from './kernel-cases.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.dispose());

test('every kernel has a case', () => {
  const tested = new Set(KERNEL_CASES.map(({ kernel }) => kernel.name));
  expect(KERNELS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

const rows = KERNEL_CASES.map((each) => [[each.kernel.name, each.what].filter(Boolean).join(' '), each] as const);

describe.each(rows)('%s', (_, each) => {
  test.each(each.kernel.variants.map(({ name }) => name))('%s computes what the kernel says', async (variant) => {
    const complaints: string[] = [];
    for (const sizes of each.shapes) {
      for (const arrangement of ARRANGEMENTS) {
        const run = await runKernel(engine, each, { sizes, variant, arrangement });
        const where = `${JSON.stringify(sizes)}, ${arrangement}`;
        complaints.push(...run.complaints.map((complaint) => `${where}: ${complaint}`));
      }
    }
    expect(complaints).toEqual([]);
  });
});
