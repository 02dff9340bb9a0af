import { beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { variantsOn } from '../../src/kernels/index.js';
import { relu } from '../../src/nn/activations.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam, sgd } from '../../src/nn/optimizers.js';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { runKernel } from '../../src/verify/kernels.js';
import { sharedEngine } from '../gpu/stored.js';
import { layers, type Network } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { type Bug, KERNEL_BUGS, STEP_BUGS } from './bugs.js';
import { mutantEngine } from './mutant-engine.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

const NOTHING: Bug = ['nothing wrong', '', ''];

/** Runs with a bug; the bug must have changed a text, and somebody must have complained. */
async function expectNoticed([what, search, replacement]: Bug, run: (mutant: GpuEngine) => Promise<readonly string[]>) {
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

describe.each(KERNEL_BUGS.map((each) => [`${each.kernel} ${each.variant}`, each] as const))('%s', (_, buggy) => {
  const { kernel, variant, sizes, bugs } = buggy;
  const of = KERNEL_CASES.find((each) => each.kernel.name === kernel);
  test.for([NOTHING, ...bugs])('with %s', async (bug, { skip }) => {
    if (!of) throw new Error(`test: there is no case of ${kernel}`);
    const able = variantsOn(engine.traits, of.kernel).some(({ name }) => name === variant);
    skip(!able, 'this device cannot run it');
    await expectNoticed(bug, async (mutant) => {
      return (await runKernel(mutant, of, { sizes, variant, arrangement: 'two members' })).findings.problems;
    });
  });
});

const momentum: Network = {
  layers: layers([9, 5], relu, () => dropout(0.5)),
  loss: softmaxCrossEntropy(),
  optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
  regularizer: l2(0.1),
  rows: 7,
  cols: 6,
  count: 5,
};
const networks = { momentum, Adam: { ...momentum, optimizer: adam({ learningRate: 0.01 }) } };
const members = [{ seed: [1, 2] }, { seed: [3, 4], hyper: { learningRate: 0.02, 'dropout0.dropout': 0.3 } }] as const;

describe.each(['momentum', 'Adam'] as const)('a training step with %s', (optimizer) => {
  test.each([NOTHING, ...STEP_BUGS[optimizer]])('with %s', async (...bug) => {
    await expectNoticed(bug, async (mutant) => {
      // With nothing riding a bug is in one small shader, which is compiled soon.
      const run = await StepRun.create(mutant, networks[optimizer], { members, ride: false });
      const complaints: string[] = [];
      for (let step = 0; step < 3; step++) complaints.push(...(await run.checkedStep()));
      run.dispose();
      return complaints;
    });
  });
});
