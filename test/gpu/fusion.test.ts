import { beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import type { ArithmeticProbe } from '../../src/gpu/probe.js';
import { NETWORKS } from '../steps/networks.js';
import { type Member, type RunOptions, StepRun } from '../steps/step-run.js';
import { differences } from './comparison.js';
import { type Stored, sharedEngine } from './stored.js';

const STEPS = 5;

let engine: GpuEngine;
let probe: ArithmeticProbe;
beforeAll(async () => {
  engine = await sharedEngine();
  probe = await engine.probe();
});

/** The states after `STEPS` steps, by member. */
async function trained(name: string, options: RunOptions): Promise<Stored[][]> {
  const run = await StepRun.create(engine, NETWORKS[name], options);
  try {
    for (let step = 0; step < STEPS; step++) run.advance();
    return await run.readStates();
  } finally {
    run.dispose();
  }
}

/** The bits in which the states of two members differ. */
const bitsBetween = (a: readonly Stored[], b: readonly Stored[]) =>
  a.flatMap(({ words }, i) => differences(`state ${i}`, words, b[i].words));

const ways: Readonly<Record<string, RunOptions>> = {
  'with nothing riding': { ride: false },
  'with every tensor stored': { tapped: true },
  'in tiles of workgroup memory': { variant: 'tiled' },
  again: {},
};
const names = ['relu and dropout, momentum, L2', 'relu and dropout, Adam, L2'];

describe.each(names)('%s', (name) => {
  test.for(Object.entries(ways))('has the same bits %s', async ([way, options], { skip }) => {
    skip(probe.fusesMultiplyAdd && way !== 'again', 'a device that fuses may do so in one text and not in another');
    const [plain] = await trained(name, {});
    const [other] = await trained(name, options);
    expect(bitsBetween(plain, other)).toEqual([]);
  });

  test('is the same for a member of a population and alone', async () => {
    const members: Member[] = [
      { seed: [1, 0], hyper: { 'dense0.l2': 0.1, 'dropout0.dropout': 0.2, learningRate: 0.01 } },
      { seed: [1, 1], hyper: { 'dense1.l2': 0, 'dropout1.dropout': 0, learningRate: 0.02, beta1: 0.5, momentum: 0.5 } },
      { seed: [0xffffffff, 0xffffffff], hyper: { 'dropout0.dropout': 0.99, beta2: 0.9, epsilon: 1e-3 } },
    ];
    const together = await trained(name, { members });
    for (const [i, member] of members.entries()) {
      const [alone] = await trained(name, { members: [member] });
      expect(bitsBetween(together[i], alone)).toEqual([]);
    }
    expect(bitsBetween(together[0], together[1])).not.toEqual([]);
  });
});
