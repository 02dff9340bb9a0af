import { describe, test } from 'vitest';
import { relu } from '../../src/nn/activations.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam, sgd } from '../../src/nn/optimizers.js';
import { layers, type Network } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { KERNEL_BUGS, STEP_BUGS } from './bugs.js';
import { expectNoticed, inTiles, NOTHING, testKernelBugs } from './expect-noticed.js';

// Of a kernel in tiles one bug: each is compiled for seconds. test/mutation/planted-in-tiles has the others.
testKernelBugs(
  KERNEL_BUGS.map((each) => ({ ...each, bugs: inTiles(each) ? each.bugs.slice(0, 1) : [NOTHING, ...each.bugs] })),
);

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
