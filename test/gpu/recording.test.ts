import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { differences } from './comparison.js';
import { gpuEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.dispose());

const network = NETWORKS['relu and dropout, momentum, L2'];

test('a step makes nothing and waits for nothing; several steps are one submit', async () => {
  const run = await StepRun.create(engine, network);
  const { device } = engine;
  const made = [
    vi.spyOn(device, 'createBuffer'),
    vi.spyOn(device, 'createBindGroup'),
    vi.spyOn(device, 'createShaderModule'),
    vi.spyOn(device, 'createComputePipeline'),
    vi.spyOn(device, 'createComputePipelineAsync'),
    vi.spyOn(GPUBuffer.prototype, 'mapAsync'),
  ];
  const encoders = vi.spyOn(device, 'createCommandEncoder');
  const submits = vi.spyOn(device.queue, 'submit');
  try {
    const [context] = run.contexts;
    run.program.run([0, 1, 2].map((step) => [{ ...context, step }]));
    await run.executor.settle();
    expect(made.map((spy) => spy.mock.calls.length)).toEqual(made.map(() => 0));
    expect(encoders).toHaveBeenCalledTimes(1);
    expect(submits).toHaveBeenCalledTimes(1);
    expect(submits.mock.calls[0][0]).toHaveLength(1);
  } finally {
    vi.restoreAllMocks();
    run.dispose();
  }
});

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
