import { expect, test } from 'vitest';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { runKernel } from '../../src/verify/kernels.js';
import { differences } from '../gpu/comparison.js';
import { sharedEngine } from '../gpu/stored.js';
import { mutantEngine } from '../mutation/mutant-engine.js';

/** Turns what a software device gets into the text of GPUs. */
function asOnGpus(wgsl: string): string {
  if (!wgsl.startsWith('// head direct')) return wgsl;
  const changed = wgsl
    .replace('var<private> logits: array<vec4f, QUADS>', 'var<workgroup> logits: array<vec4f, LANES * QUADS>')
    .replace('select(lane * QUADS, 0u, true)', 'select(lane * QUADS, 0u, false)');
  expect(changed.match(/var<workgroup> logits|0u, false/g)).toHaveLength(2);
  return changed;
}

test('the head has the same bits with the logits in workgroup memory, as on GPUs', async ({ skip }) => {
  const engine = await sharedEngine();
  skip(!engine.traits.software, 'this device gets that form');
  const on = mutantEngine(engine, asOnGpus);
  const head = KERNEL_CASES.find(({ kernel }) => kernel.name === 'head');
  if (!head) throw new Error('no case');
  const options = { sizes: { m: 70, n: 10, k: 13, count: 67 }, variant: 'direct', arrangement: 'two members' } as const;
  const [own, shared] = [await runKernel(engine, head, options), await runKernel(on, head, options)];
  expect(shared.findings.problems).toEqual([]);
  for (const [member, results] of own.stored.entries()) {
    for (const [name, { words }] of Object.entries(results)) {
      expect(differences(name, words, shared.stored[member][name].words)).toEqual([]);
    }
  }
});
