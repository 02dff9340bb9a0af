import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../src/create-engine.js';
import { EngineError } from '../../src/errors/engine-error.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { failureOf } from './failure-of.js';

// Dawn in Node ends the process if a buffer is destroyed while its map is pending, and the map's promise is collected.

const network = NETWORKS['relu and dropout, momentum, L2'];
const engines: GpuEngine[] = [];
/** The map state of every buffer when it was destroyed. */
const states: string[] = [];

beforeEach(() => {
  const destroy = GPUBuffer.prototype.destroy;
  vi.spyOn(GPUBuffer.prototype, 'destroy').mockImplementation(function (this: GPUBuffer) {
    states.push(this.mapState);
    return destroy.call(this);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const engine of engines.splice(0)) engine.dispose();
  states.length = 0;
});

async function engineOf(debug: 0 | 2 | 4): Promise<GpuEngine> {
  const engine = await createEngine({ debug, log: () => {} });
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no GPU');
  engines.push(engine);
  return engine;
}

test('a read whose submission fails before its map is done waits for the map', async () => {
  const run = await StepRun.create(await engineOf(0), network);
  const refusal = new EngineError('validation', 'test: refused');
  const { commands, memory } = run.executor;
  const read = commands.readBack([memory.regionOf(run.states[0], 0)], Promise.reject(refusal));
  expect(await failureOf(() => read)).toBe(refusal);
  expect(states).toEqual(['mapped']);
  run.dispose();
});

test.each([0, 2, 4] as const)(
  'a device that is lost while it is read ends maps before buffers, level %d',
  async (level) => {
    const run = await StepRun.create(await engineOf(level), network);
    run.advance();
    const reads = [run.executor.read(run.states), run.program.metrics(1)];
    run.executor.engine.device.destroy();
    for (const read of reads) expect((await failureOf(() => read)).kind).toBe('lost');
    await vi.waitFor(() => expect(states.length).toBeGreaterThanOrEqual(reads.length)); // a read tells of a loss at once
    expect(states).not.toContain('pending');
    run.dispose();
  },
);
