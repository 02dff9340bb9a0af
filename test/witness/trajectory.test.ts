import { beforeAll, describe, expect, test } from 'vitest';
import { bothEngines } from './both-engines.js';
import { ADAM, batchesOf, LR, MU, type Name, NETWORKS, OPTIMIZERS, WD } from './cases.js';
import { WGSL } from './float32.js';
import type { Network } from './network64.js';
import { textbook, trainWgrad } from './trainings.js';
import { between, train64 } from './trajectory.js';
import { epsilonHat, type Rule, torchAdam, torchSgd } from './update-rules.js';

const engines = await bothEngines();

const NAMES = Object.keys(OPTIMIZERS) as Name[];

/** Trainings that are easily mistaken for that of the optimiser named. */
const MISTAKES: readonly [mistake: string, name: Name, rule: Rule, change?: (network: Network) => number][] = [
  ['no penalty', 'sgd', OPTIMIZERS.sgd[1], () => 0],
  ["λ under 'half'", 'sgd', OPTIMIZERS.sgd[1], ({ strength }) => strength / 2],
  ['λ twice', 'sgd', OPTIMIZERS.sgd[1], ({ strength }) => strength * 2],
  ['plain momentum for Nesterov', 'nesterov', OPTIMIZERS.momentum[1]],
  ['no decay in SGDW', 'sgdw', OPTIMIZERS.momentum[1]],
  ['decay that goes into the velocity', 'sgdw', OPTIMIZERS.momentum[1], ({ strength }) => strength + WD / 2],
  ['decay without the rate', 'sgdw', torchSgd({ lr: LR, mu: MU, wd: WD / LR })],
  ["ε where Keras' Python has it", 'adam', torchAdam({ ...ADAM, divisor: epsilonHat })],
  ['no bias correction', 'adam', torchAdam({ ...ADAM, power: () => 0 })],
  ['no decay in AdamW', 'adamw', OPTIMIZERS.adam[1]],
];

describe.each(NETWORKS.map((network) => [network.name, network] as const))('%s', (_, network) => {
  const trainings = new Map<Name, Awaited<ReturnType<typeof trainAll>>>();
  async function trainAll(name: Name) {
    const runs = [];
    for (const engine of engines) runs.push(await trainWgrad(engine, network, name));
    const [{ start }] = runs;
    return { runs, start, ...textbook(network, name, start, WGSL) };
  }
  beforeAll(async () => {
    for (const name of NAMES) trainings.set(name, await trainAll(name));
  });

  /** Both engines' runs, and what they are held against. */
  function trainingOf(name: Name) {
    const training = trainings.get(name);
    if (!training) throw new Error(`${name} was not trained`);
    return training;
  }

  test.each(NAMES)('%s: 100 steps end where the textbook does', (name) => {
    const { runs, start, truth, allowed } = trainingOf(name);
    expect(allowed.flipped).toBe(false);
    for (const run of runs) {
      const away = between(run, truth);
      expect(run.start).toEqual(start);
      expect(away.objective, away.where).toBeLessThanOrEqual(allowed.objective);
      expect(away.parameter, away.where).toBeLessThanOrEqual(allowed.parameter);
    }
  });

  test.each(MISTAKES)('%s would be seen', (_, name, rule, change = ({ strength }) => strength) => {
    const { runs, start, allowed } = trainingOf(name);
    const changed = { ...network, strength: change(network) };
    const mistaken = train64({ network: changed, rule, start, batches: batchesOf(network) });
    for (const run of runs) expect(between(run, mistaken).parameter).toBeGreaterThan(100 * allowed.parameter);
  });
});
