import { beforeAll, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { relu } from '../../src/nn/activations.js';
import { dropout } from '../../src/nn/dropout.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { sgd } from '../../src/nn/optimizers.js';
import { add, matmul, multiply, sumAll, sumCols, sumRows } from '../../src/ops/index.js';
import { state } from '../../src/ops/leaves.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { Layout } from '../../src/plan/layout.js';
import { SOURCE_WORDS } from '../../src/random/source.js';
import { interpret } from '../../src/reference/interpret.js';
import { Random } from '../ops/random.js';
import { plan } from '../plan/plan-step.js';
import { layers, traceNetwork } from '../steps/networks.js';
import { complaintsOf } from './comparison.js';
import { guardComplaints, readStored, sharedEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

const context = { seed: [0, 0], step: 0, sample: 0, start: 0, count: 1, hyper: {} } as const;

/** A broadcast operand has the columns or the rows of the result, but not both: the op may not ride on it. */
const BROADCAST: Readonly<Record<string, (u: Tensor, w: Tensor) => Tensor>> = {
  'a sum of rows over all rows': (u, w) => add(w, sumRows(u)),
  'a sum of columns over all columns': (u, w) => multiply(w, sumCols(u)),
  'a product and the sums of its operand': (u, w) => {
    const product = matmul(u, w, { transposeA: true });
    return multiply(add(product, sumRows(w)), product);
  },
  'both sums of one tensor': (u, w) => add(multiply(w, sumCols(u)), sumRows(u)),
};

test.each(Object.entries(BROADCAST))('%s', async (_, made) => {
  for (const ride of [true, false]) {
    const trace = new Trace();
    const leaves = ['u', 'w'].map((name) => state(trace, name, 6, 7));
    const value = made(leaves[0], leaves[1]);
    const executor = engine.createExecutor({ guards: 1, ride });
    const program = await executor.compile({ updates: [], metrics: [], outputs: [value] }, new Map());
    const data = leaves.map(({ rows, cols }, i) => ({ rows, cols, data: new Random(i).floats(rows * cols) }));
    for (const [i, leaf] of leaves.entries()) executor.write(leaf, data[i].data);
    program.run([[context]]);
    const [[stored]] = await readStored(executor, program.plan, [value]);
    const [want] = interpret([value], (leaf) => data[leaves.indexOf(leaf)], { bounds: true });
    expect(complaintsOf('the sum', stored.values, want)).toEqual([]);
    expect(await guardComplaints(executor)).toEqual([]);
    executor.dispose();
  }
});

/** Updated in place by the kernel of the sum, each element by one lane and once. */
const SUMS: Readonly<Record<string, readonly [rows: number, cols: number, sum: (u: Tensor) => Tensor]>> = {
  'a row by a sum of rows': [1, 7, sumRows],
  'a column by a sum of columns': [6, 1, sumCols],
  'a number by the sum of all': [1, 1, sumAll],
};

test.each(Object.entries(SUMS))('updates %s', async (_, [rows, cols, sumOf]) => {
  const trace = new Trace();
  const [old, u] = [state(trace, 'old', rows, cols), state(trace, 'u', 6, 7)];
  const value = add(old, sumOf(u));
  const executor = engine.createExecutor({ guards: 1 });
  const program = await executor.compile({ updates: [{ state: old, value }], metrics: [], outputs: [] }, new Map());
  expect(program.dispatches).toBe(1);
  const data = [old, u].map(({ rows, cols }, i) => ({ rows, cols, data: new Random(i).floats(rows * cols) }));
  for (const [i, leaf] of [old, u].entries()) executor.write(leaf, data[i].data);
  program.run([[context]]);
  const [[stored]] = await readStored(executor, program.plan, [old]);
  const [want] = interpret([value], (leaf) => data[[old, u].indexOf(leaf)], { bounds: true });
  expect(complaintsOf('the new value', stored.values, want)).toEqual([]);
  expect(await guardComplaints(executor)).toEqual([]);
  executor.dispose();
});

test('what is made of an elementwise result rides on it', () => {
  const trace = new Trace();
  const [u, w] = ['u', 'w'].map((name) => state(trace, name, 6, 7));
  const sum = add(u, w);
  const { dispatches } = plan({ updates: [], metrics: [], outputs: [sum, multiply(sum, w)] }, new Layout());
  expect(dispatches.map(({ title }) => title)).toEqual(['map direct + add multiply']);
});

test('the words of dropout are those of the contract', () => {
  const { model } = traceNetwork({
    layers: layers([3, 2], relu, () => dropout(0.5)),
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    rows: 2,
    cols: 2,
  });
  const [host] = [...model.scalars].filter(([leaf]) => leaf.cols === SOURCE_WORDS).map(([, each]) => each);
  const hyper = { ...model.hyper, 'dropout0.dropout': 0.75 };
  const words = host({ ...context, seed: [8, 9], step: 5, sample: 6, start: 11, hyper });
  // Three quarters of 2^32, and 1 / (1 - 0.75) = 4 as f32.
  expect(words).toEqual([8, 9, 5, 0, 6, 0xc0000000, 0x40800000, 11]);
  // In training a row counts in its batch, wherever that lies in the epoch.
  expect(host({ ...context, seed: [8, 9], step: 5, start: 11, hyper }).slice(4)).toEqual([
    0, 0xc0000000, 0x40800000, 0,
  ]);
});
