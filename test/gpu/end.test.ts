import { expect, test } from 'vitest';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { failureOf } from './failure-of.js';
import { gpuEngine } from './stored.js';

const network = NETWORKS['squared error, a linear model with L2'];

test('at the end of the device every call says so, and nothing hangs', async () => {
  const engine = await gpuEngine();
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
  const settled = Object.entries(pending).map(async ([name, promise]) => [name, (await failureOf(() => promise)).kind]);
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
