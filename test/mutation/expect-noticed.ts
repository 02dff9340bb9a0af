import { describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { variantsOn } from '../../src/kernels/index.js';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { runKernel } from '../../src/verify/kernels.js';
import { sharedEngine } from '../gpu/stored.js';
import type { Bug, BuggyKernel } from './bugs.js';
import { mutantEngine } from './mutant-engine.js';

export const NOTHING: Bug = ['nothing wrong', '', ''];

/** Runs with a bug; the bug must have changed a text, and somebody must have complained. */
export async function expectNoticed(
  [what, search, replacement]: Bug,
  run: (mutant: GpuEngine) => Promise<readonly string[]>,
): Promise<void> {
  const engine = await sharedEngine();
  let changed = 0;
  const mutant = mutantEngine(engine, (wgsl) => {
    const text = wgsl.replaceAll(typeof search === 'string' ? search : new RegExp(search, 'g'), replacement);
    if (text !== wgsl) changed++;
    return text;
  });
  const complaints = await run(mutant);
  const wrong = what !== NOTHING[0];
  expect(changed > 0, `changed ${changed} texts`).toBe(wrong);
  expect(complaints.length > 0, complaints[0] ?? 'nobody noticed').toBe(wrong);
}

/** Returns true for a kernel in tiles of workgroup memory, which software GPUs compile for seconds. */
export function inTiles({ variant }: BuggyKernel): boolean {
  return variant.startsWith('tiled');
}

/** Tests that the check of a kernel notices each of its bugs. */
export function testKernelBugs(kernels: readonly BuggyKernel[]): void {
  describe.each(kernels.map((each) => [`${each.kernel} ${each.variant}`, each] as const))('%s', (_, buggy) => {
    const { kernel, variant, sizes, bugs } = buggy;
    const of = KERNEL_CASES.find((each) => each.kernel.name === kernel);
    test.for(bugs)('with %s', async (bug, { skip }) => {
      if (!of) throw new Error(`test: there is no case of ${kernel}`);
      const able = variantsOn((await sharedEngine()).traits, of.kernel).some(({ name }) => name === variant);
      skip(!able, 'this device cannot run it');
      await expectNoticed(bug, async (mutant) => {
        return (await runKernel(mutant, of, { sizes, variant, arrangement: 'two members' })).findings.problems;
      });
    });
  });
}
