import { describe, expect, test } from 'vitest';
import { BASELINE_DEVICE, map } from '../../src/kernels/index.js';
import { add, expand, multiply } from '../../src/ops/index.js';
import { constant, input, scalar } from '../../src/ops/leaves.js';
import type { Values } from '../../src/ops/tensor.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { interpret } from '../../src/reference/interpret.js';
import { complaintsOf } from '../gpu/comparison.js';
import { guardComplaints, poison, readStored, sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';

const engine = await sharedEngine();

/** Leaves with values, and a result that is to be computed by one dispatch of the map kernel. */
interface Mapped {
  readonly y: Tensor;
  readonly values: ReadonlyMap<Tensor, Values>;
}

/** Runs an elementwise expression of leaves and holds it against the interpreter. */
async function complaintsAbout({ y, values }: Mapped): Promise<string[]> {
  const executor = engine.createExecutor({ guards: 1, slots: 1 });
  try {
    const hosts = new Map([...values].map(([leaf, { data }]) => [leaf, () => Array.from(data)]));
    const program = await executor.compile({ updates: [], metrics: [], outputs: [y] }, hosts);
    for (const [leaf, { data }] of values)
      if (executor.layout.find(leaf)) executor.write(leaf, Float32Array.from(data));
    poison(executor, program.plan, [y]);
    program.run([[{ seed: [0, 0], step: 0, sample: 0, start: 0, count: 1, hyper: {} }]]);
    const [[stored]] = await readStored(executor, program.plan, [y]);
    const titles = program.plan.dispatches.map(({ title }) => title);
    const [wanted] = interpret([y], (leaf) => values.get(leaf) as Values, { bounds: true });
    return [
      ...(titles.length === 1 && titles[0].startsWith('map direct') ? [] : [`is planned as ${titles}`]),
      ...complaintsOf('y', stored.values, wanted),
      ...(stored.padsAreZero ? [] : ['a pad of y is not 0']),
      ...(await guardComplaints(executor)),
    ];
  } finally {
    executor.dispose();
  }
}

/** One, a quad and less and more, one workgroup of 64 quads and more, tall, flat. */
const shapes = [
  [1, 1],
  [3, 4],
  [5, 7],
  [16, 16],
  [13, 21],
  [517, 1],
  [2, 1031],
] as const;

/** Expressions of x [rows, cols], a row, a column, one element and a scalar of the table. */
const broadcasts: Readonly<Record<string, (of: Readonly<Record<string, Tensor>>) => Tensor>> = {
  'a row and a column': ({ row, column }) => add(row, column),
  'a row': ({ x, row }) => multiply(x, row),
  'a column': ({ x, column }) => multiply(x, column),
  'one element': ({ x, one }) => add(x, one),
  'a scalar of the table': ({ x, lambda }) => multiply(x, lambda),
  'a constant': ({ x }) => multiply(x, constant(x.trace, -0.1)),
  'an expanded row': ({ x, row }) => expand(row, x),
  'an expanded column': ({ x, column }) => expand(column, x),
  'an expanded element': ({ x, one }) => expand(one, x),
  bytes: ({ x, bytes }) => add(x, bytes),
  'an expression drawn in': ({ x, row, column, lambda }) => add(multiply(x, lambda), add(row, column)),
};

describe.each(Object.entries(broadcasts))('map broadcasts %s', (_, expression) => {
  test.each(shapes)('over [%i, %i]', async (rows, cols) => {
    const trace = new Trace();
    const random = new Random(rows + cols);
    const leaves = {
      x: input(trace, 'x', rows, cols),
      row: input(trace, 'row', 1, cols),
      column: input(trace, 'column', rows, 1),
      one: input(trace, 'one', 1, 1),
      lambda: scalar(trace, 'lambda'),
      bytes: input(trace, 'bytes', rows, cols, 'u8'),
    };
    const values = new Map<Tensor, Values>();
    for (const leaf of Object.values(leaves)) {
      const size = leaf.rows * leaf.cols;
      const data = leaf.dtype === 'u8' ? Uint8Array.from(random.floats(size, 0, 256)) : random.floats(size);
      values.set(leaf, { rows: leaf.rows, cols: leaf.cols, data });
    }
    expect(await complaintsAbout({ y: add(expression(leaves), leaves.x), values })).toEqual([]);
  });
});

test.each([
  [1, 1],
  [65535, 256],
  [65536, 256],
  [40_000_000, 3],
])('the grid of map covers [%i, %i] within the limits of WebGPU', (m, n) => {
  const [x, y] = map.variants[0].grid({ m, n }, BASELINE_DEVICE);
  expect(Math.max(x, y)).toBeLessThanOrEqual(65535);
  expect(x * y * 64).toBeGreaterThanOrEqual(m * Math.ceil(n / 4));
});
