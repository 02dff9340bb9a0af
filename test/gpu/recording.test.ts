import { expect, test, vi } from 'vitest';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { differences } from './comparison.js';
import { sharedEngine } from './stored.js';

const engine = await sharedEngine();

const network = NETWORKS['relu and dropout, momentum, L2'];

test('steps in one submit are the steps one after another', async () => {
  const together = await StepRun.create(engine, network);
  const apart = await StepRun.create(engine, network);
  together.advance();
  apart.advance();
  const [context] = apart.contexts;
  const steps = [1, 2, 3].map((step) => [{ ...context, step }]);
  together.program.run(steps);
  for (const step of steps) apart.program.run([step]);
  const [[a], [b]] = [await together.readStates(), await apart.readStates()];
  expect(a.flatMap(({ words }, i) => differences(`state ${i}`, words, b[i].words))).toEqual([]);
  expect(await together.program.metrics(3)).toEqual(await apart.program.metrics(3));
  together.dispose();
  apart.dispose();
});

test('a ring of metrics goes round', async () => {
  const run = await StepRun.create(engine, network); // with a ring of four steps
  const seen = [];
  for (let step = 0; step < 6; step++) {
    run.advance();
    seen.push(...(await run.program.metrics(1)));
  }
  expect(await run.program.metrics(4)).toEqual(seen.slice(2));
  expect(new Set(seen.map(([{ values }]) => values[0][0])).size).toBe(6);
  run.dispose();
});

test('a population runs the shaders of one network', async () => {
  const alone = await StepRun.create(engine, network);
  const modules = vi.spyOn(engine.device, 'createShaderModule');
  const population = await StepRun.create(engine, network, {
    members: [{ seed: [1, 0] }, { seed: [2, 0] }, { seed: [3, 0] }],
  });
  expect(modules).not.toHaveBeenCalled();
  expect(population.program.plan.dispatches.map(({ title }) => title)).toEqual(
    alone.program.plan.dispatches.map(({ title }) => title),
  );
  vi.restoreAllMocks();
  alone.dispose();
  population.dispose();
});
