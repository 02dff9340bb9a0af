import { beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import type { HostContext } from '../../src/graph/step.js';
import { relu } from '../../src/nn/activations.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { meanSquaredError, softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam } from '../../src/nn/optimizers.js';
import { permutation } from '../../src/random/permutation.js';
import { Random } from '../ops/random.js';
import { type TracedNetwork, traceNetwork } from '../steps/networks.js';
import { differences } from './comparison.js';
import { guardComplaints, readStored, sharedEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

const EXAMPLES = 29;
const BATCH = 8;
/** The last batch has five rows. */
const COUNTS = [8, 8, 8, 5];

/** Bytes are normalised on the way, by numbers that leave nothing to round; labels are class indices, targets two numbers. */
const cases = {
  'bytes and labels': { bytes: true, classes: true, features: 13, scale: 2 ** -8, offset: -0.5 },
  'bytes and targets': { bytes: true, classes: false, features: 16, scale: 2 ** -8, offset: 0 },
  'numbers and labels': { bytes: false, classes: true, features: 1, scale: 1, offset: 0 },
  'numbers and targets': { bytes: false, classes: false, features: 7, scale: 1, offset: 0 },
};

describe.each(Object.entries(cases))('%s', (_, { bytes, classes, features, scale, offset }) => {
  const random = new Random(features);
  const pixels = random.floats(EXAMPLES * features, bytes ? 0 : -2, bytes ? 256 : 2);
  const x = bytes ? Uint8Array.from(pixels) : pixels;
  const outputs = classes ? 1 : 2;
  const numbers = random.floats(EXAMPLES * outputs, 0, 4);
  const y = classes ? Uint32Array.from(numbers) : numbers;
  const order = permutation(EXAMPLES, [3, 4], 1);
  const network = {
    layers: [dense(9), relu(), dropout(0.5), dense(classes ? 4 : 2)],
    loss: classes ? softmaxCrossEntropy() : meanSquaredError(),
    optimizer: adam(),
    rows: BATCH,
    cols: features,
  };
  /** The steps of an epoch. */
  const contextsOf = ({ model }: TracedNetwork): HostContext[][] =>
    COUNTS.map((count, step) => [
      { seed: [5, 6], step, sample: 0, start: step * BATCH, count, hyper: { ...model.hyper } },
    ]);

  /** Writes the examples of a step one after another into `batch`; behind the valid ones stays whatever is there. */
  function batchOf<T extends Float32Array | Uint32Array>(
    batch: T,
    data: ArrayLike<number>,
    cols: number,
    step: number,
  ): T {
    for (let i = 0; i < COUNTS[step] * cols; i++) {
      batch[i] = data[order[step * BATCH + Math.floor(i / cols)] * cols + (i % cols)];
    }
    return batch;
  }

  const statesOf = ({ step }: TracedNetwork) => step.updates.map(({ state }) => state);
  const start = ({ model }: TracedNetwork, executor: GpuExecutor) => {
    for (const { tensor, initial } of model.parameters) executor.write(tensor, initial([1, 1]));
  };

  test('an epoch from the data set is the epoch batch by batch', async () => {
    const fetched = traceNetwork(network);
    const executor = engine.createExecutor({ guards: 1 });
    const { model } = fetched;
    const data = {
      x: model.input('data.x', EXAMPLES, features, bytes ? 'u8' : 'f32'),
      y: model.input('data.y', EXAMPLES, outputs, classes ? 'u32' : 'f32'),
      order: model.input('data.order', EXAMPLES, 1, 'u32'),
      scale,
      offset,
    };
    const gather = await executor.compile(model.gather(data, { x: fetched.x, y: fetched.targets }), model.scalars);
    const program = await executor.compile(fetched.step, model.scalars);
    expect(gather.dispatches).toBe(1);
    executor.write(data.x, x);
    executor.write(data.y, y);
    executor.write(data.order, order);
    start(fetched, executor);
    program.run(contextsOf(fetched), gather);
    const [states] = await readStored(executor, program.plan, statesOf(fetched));
    const [[xs, ys]] = await readStored(executor, program.plan, [fetched.x, fetched.targets]);
    expect(await guardComplaints(executor)).toEqual([]);

    const given = traceNetwork(network);
    const other = engine.createExecutor();
    const plain = await other.compile(given.step, given.model.scalars);
    start(given, other);
    const normalised = Float32Array.from(x, (value) => value * scale + offset);
    for (const [step, contexts] of contextsOf(given).entries()) {
      other.write(given.x, batchOf(random.floats(BATCH * features), normalised, features, step));
      const left = classes ? new Uint32Array(BATCH) : random.floats(BATCH * outputs);
      other.write(given.targets, batchOf(left, y, outputs, step));
      plain.run([contexts]);
    }
    const [wanted] = await readStored(other, plain.plan, statesOf(given));
    expect(states.flatMap(({ words }, i) => differences(`state ${i}`, words, wanted[i].words))).toEqual([]);
    expect(await program.metrics(COUNTS.length)).toEqual(await plain.metrics(COUNTS.length));

    // Rows behind the valid ones repeat the last of them.
    const last = EXAMPLES - 1;
    const rows = Array.from({ length: BATCH }, (_, row) => order[Math.min(3 * BATCH + row, last)]);
    const picked = (from: ArrayLike<number>, cols: number) =>
      rows.flatMap((row) => Array.from({ length: cols }, (_, col) => from[row * cols + col]));
    expect(Array.from(xs.values)).toEqual(picked(normalised, features));
    expect(Array.from(ys.values)).toEqual(picked(y, outputs));
    expect([...states, xs].every(({ padsAreZero }) => padsAreZero)).toBe(true);
    executor.dispose();
    other.dispose();
  });
});
