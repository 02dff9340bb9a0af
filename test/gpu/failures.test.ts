import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../src/create-engine.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { dense } from '../../src/nn/dense.js';
import { sumCols } from '../../src/ops/index.js';
import { input } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { mutantEngine } from '../mutation/mutant-engine.js';
import { NETWORKS, traceNetwork } from '../steps/networks.js';
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
  vi.restoreAllMocks();
  for (const engine of engines.splice(0)) engine.dispose();
});

describe('what WebGPU refuses', () => {
  test('a shader: the line and the message', async () => {
    const engine = await newEngine();
    let search = 'fn bias(';
    const mutant = mutantEngine(engine, (wgsl) => wgsl.replace(search, 'fn biased('));
    const { kind, message } = await failureOf(() => StepRun.create(mutant, network));
    expect(kind).toBe('validation');
    expect(message).toMatch(
      /^shader matmul-nn direct \+ bias .*: WebGPU refuses it\n {2}\d+ \| .*\n(?:.*\n)*> \d+ \| {3}let t\d+ = bias\(value, t\d+\);\n(?:.*\n)*.*unresolved call target 'bias'/,
    );
    search = 'nothing';
    const run = await StepRun.create(mutant, network); // the engine goes on
    expect(await run.checkedStep()).toEqual([]);
  });

  test('a submit: at every later await, and never as zeros', async () => {
    const engine = await newEngine();
    const uncaptured = vi.fn();
    engine.device.addEventListener('uncapturederror', uncaptured);
    const run = await StepRun.create(engine, network);
    run.advance();
    await run.executor.settle();
    run.executor.memory.release(run.traced.x); // the buffer is destroyed under the program's hands
    run.program.run([run.contexts]);
    const actions = {
      metrics: () => run.program.metrics(1),
      settle: () => run.executor.settle(),
      read: () => run.executor.read(run.states),
      again: () => run.executor.settle(),
    };
    for (const [name, action] of Object.entries(actions)) {
      const { kind, message } = await failureOf(action);
      expect([name, kind, message]).toEqual([
        name,
        'validation',
        expect.stringMatching(/^submit: WebGPU refuses it: .*wgrad x/s),
      ]);
    }
    expect(uncaptured).not.toHaveBeenCalled();
    const other = await StepRun.create(engine, network); // only this executor is spoilt
    expect(await other.checkedStep()).toEqual([]);
  });

  test('a copy: it is no readback of zeros', async () => {
    const engine = await newEngine();
    const run = await StepRun.create(engine, network);
    const [state] = run.states;
    const region = { ...run.executor.memory.regionOf(state, 0), size: 1 << 20 };
    const read = () => run.executor.commands.readBack([region]);
    expect((await failureOf(read)).kind).toBe('validation');
  });
});

describe('limits', () => {
  test('a buffer that the device cannot bind is refused before anything is made', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter?.requestDevice(); // with WebGPU's default limits
    if (!device) throw new Error('test: no device');
    const engine = (await createEngine({ device })) as GpuEngine;
    const { step, model } = traceNetwork({ ...network, layers: [dense(6000)], cols: 6000, rows: 1 });
    const executor = engine.createExecutor();
    const made = vi.spyOn(device, 'createBuffer');
    const { kind, message } = await failureOf(() => executor.compile(step, model.scalars));
    expect([kind, message]).toEqual([
      'limit',
      'memory: dense0.w needs 144024000 bytes, this device binds at most 134217728 (maxStorageBufferBindingSize)',
    ]);
    expect(made).not.toHaveBeenCalled();
    engine.dispose();
    device.destroy();
  });

  test('a grid that is too large is refused before anything is made', async () => {
    const engine = await newEngine();
    const made = vi.spyOn(engine.device, 'createBuffer');
    const executor = engine.createExecutor();
    made.mockClear();
    const outputs = [sumCols(input(new Trace(), 'x', 65536, 1))];
    const { kind, message } = await failureOf(() => executor.compile({ updates: [], metrics: [], outputs }, new Map()));
    expect([kind, message]).toEqual([
      'limit',
      'sum-cols direct: it needs 65536 workgroups in a row, this device allows 65535; use a smaller batch',
    ]);
    expect(made).not.toHaveBeenCalled();
  });
});
