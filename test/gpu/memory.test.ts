import { describe, expect, test, vi } from 'vitest';
import type { HostContext } from '../../src/graph/step.js';
import { add } from '../../src/ops/index.js';
import { constant, input } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { Random } from '../ops/random.js';
import { NETWORKS, traceNetwork } from '../steps/networks.js';
import { guardComplaints, readStored, sharedEngine } from './stored.js';

const engine = await sharedEngine();

const context: HostContext = { seed: [1, 0], step: 0, sample: 0, start: 0, count: 1, hyper: {} };
const arrays = { f32: Float32Array, u8: Uint8Array };
const types = ['f32', 'u8'] as const;
const sizes = [
  { rows: 1, cols: 1 },
  { rows: 3, cols: 4 },
  { rows: 5, cols: 6 },
];
const inputs = sizes.flatMap((size) => types.flatMap((dtype) => types.map((of) => ({ ...size, dtype, of }))));

test.each(inputs)('an input of $dtype [$rows, $cols] holds an array of $of', async ({ rows, cols, dtype, of }) => {
  const x = input(new Trace(), 'x', rows, cols, dtype);
  const y = add(x, constant(x.trace, 0));
  const executor = engine.createExecutor({ guards: 1 });
  const program = await executor.compile({ updates: [], metrics: [], outputs: [y] }, new Map());
  const numbers = new Random(rows).floats(rows * cols, 0, 256).map(Math.floor);
  executor.write(x, arrays[of].from(numbers));
  program.run([[context]]);
  const [[stored]] = await readStored(executor, program.plan, [y]);
  expect(stored.values).toEqual(numbers);
  expect(await guardComplaints(executor)).toEqual([]);
  executor.dispose();
});

describe('programs of one executor', () => {
  const network = NETWORKS['squared error, a linear model with L2'];

  /** A step, its penalty, its metrics without the step; nothing compiled yet. */
  function programs() {
    const { model, step, x, targets } = traceNetwork(network);
    const executor = engine.createExecutor({ slots: 2 });
    const contexts = [{ ...context, count: network.rows, hyper: { ...model.hyper } }];
    const run = (outputs: 'step' | 'penalty' | 'evaluation') => {
      if (outputs === 'step') return executor.compile(step, model.scalars);
      const metrics = outputs === 'penalty' ? model.penalties() : step.metrics;
      return executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring: outputs });
    };
    const write = () => {
      const random = new Random(3);
      for (const leaf of [x, targets, ...step.updates.map(({ state }) => state)]) {
        executor.write(leaf, random.floats(leaf.rows * leaf.cols));
      }
    };
    return { executor, contexts, step, compile: run, write };
  }

  test('work on the same memory when they are compiled at the same time', async () => {
    const first = programs();
    await first.compile('step'); // so that the pipelines are there at once the next time
    await first.compile('penalty');
    const { executor, compile, write, step, contexts } = programs();
    // Each answer of WebGPU comes later than the one before, so that the two take turns.
    const answer = engine.device.popErrorScope.bind(engine.device);
    let delay = 0;
    vi.spyOn(engine.device, 'popErrorScope').mockImplementation(async () => {
      delay += 10;
      const [error] = await Promise.all([answer(), new Promise((resolve) => setTimeout(resolve, delay))]);
      return error;
    });
    const [program, penalty] = await Promise.all([compile('step'), compile('penalty')]);
    vi.restoreAllMocks();
    write();
    const states = step.updates.map(({ state }) => state);
    const before = await executor.read(states);
    penalty.run([contexts]);
    const [[old]] = await penalty.metrics(1);
    program.run([contexts]);
    penalty.run([contexts]);
    const after = await executor.read(states);
    const [[now]] = await penalty.metrics(1);
    for (const [i, state] of after.entries()) expect(state).not.toEqual(before[i]);
    expect(now.values).not.toEqual(old.values);
    first.executor.dispose();
    executor.dispose();
  });

  test('have rings of their own, even for the same metrics', async () => {
    const { executor, compile, write, contexts } = programs();
    const program = await compile('step');
    const evaluation = await compile('evaluation');
    write();
    program.run([contexts]);
    const trained = await program.metrics(1);
    for (let i = 0; i < 3; i++) evaluation.run([contexts]);
    expect(await program.metrics(1)).toEqual(trained);
    expect((await evaluation.metrics(2))[0]).not.toEqual(trained[0]);
    executor.dispose();
  });

  test('may not make a storage grow that another one has bound', async () => {
    const { executor, compile } = programs();
    await compile('penalty'); // of the weights alone
    await expect(compile('step')).rejects.toThrow(
      new Error('memory: dense0.w has grown from 48 to 64 bytes; compile first what needs all of it'),
    );
    executor.dispose();
  });
});
