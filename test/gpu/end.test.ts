import { afterEach, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/create-engine.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { failureOf } from './failure-of.js';
import { gpuEngine } from './stored.js';

const network = NETWORKS['squared error, a linear model with L2'];

const engines: GpuEngine[] = [];
async function newEngine(): Promise<GpuEngine> {
  const engine = await gpuEngine();
  engines.push(engine);
  return engine;
}
afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

describe('the end', () => {
  test('of the device: every call says so, and nothing hangs', async () => {
    const engine = await newEngine();
    const run = await StepRun.create(engine, network);
    run.advance();
    await run.executor.settle();
    const { traced, executor, program } = run;
    const pending = {
      metrics: program.metrics(1),
      read: executor.read(run.states),
      compile: executor.compile({ ...traced.step, metrics: [] }, traced.model.scalars),
      probe: engine.probe(),
    };
    const settled = Object.entries(pending).map(async ([name, promise]) => [
      name,
      (await failureOf(() => promise)).kind,
    ]);
    engine.device.destroy();
    expect(await Promise.all(settled)).toEqual(Object.keys(pending).map((name) => [name, 'lost']));
    const later = {
      run: () => program.run([run.contexts]),
      settle: () => executor.settle(),
      metrics: () => program.metrics(1),
      read: () => executor.read(run.states),
      collect: () => program.collect([run.contexts], traced.step.metrics[0]),
      compile: () => executor.compile(traced.step, traced.model.scalars),
      write: () => executor.write(traced.x, new Float32Array(traced.x.cols)),
      executor: () => engine.createExecutor(),
      probe: () => engine.probe(),
      check: () => engine.check(),
    };
    for (const [name, action] of Object.entries(later))
      expect([name, (await failureOf(action)).kind]).toEqual([name, 'lost']);
    expect((await failureOf(() => engine.check())).message).toMatch(
      /^engine: the GPU device was lost \(destroyed.*\); create a new engine and go on with loadTrainer\(engine, bytes\) from the last save$/,
    );
  });

  test('of the engine: it says that it was disposed, twice is once, and an adopted device lives', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    if (!device) throw new Error('test: no device');
    const engine = (await createEngine({ device })) as GpuEngine;
    const run = await StepRun.create(engine, network);
    engine.dispose();
    engine.dispose();
    const { kind, message } = await failureOf(() => engine.createExecutor());
    expect([kind, message]).toEqual(['disposed', 'engine: it was disposed; create a new one']);
    expect((await failureOf(() => run.executor.settle())).kind).toBe('disposed');
    expect((await failureOf(() => run.program.metrics(1))).kind).toBe('disposed');
    const again = (await createEngine({ device })) as GpuEngine;
    expect(await (await StepRun.create(again, network)).checkedStep()).toEqual([]);
    device.destroy();
  });
});

test('an adopted device leaves its owner their own errors', async () => {
  const engine = await newEngine();
  const { device } = engine;
  device.pushErrorScope('validation');
  const run = await StepRun.create(engine, network);
  run.advance();
  device.createBuffer({ size: 4, usage: 0 }); // a mistake of the owner
  run.advance();
  expect((await device.popErrorScope())?.message).toMatch(/usage/i);
  await run.executor.settle();
});
