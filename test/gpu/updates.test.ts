import { beforeAll, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { live } from '../../src/graph/step.js';
import { add, matmul, multiply, relu, subtract, sumAll, sumCols, sumRows } from '../../src/ops/index.js';
import { leafName, state } from '../../src/ops/leaves.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { interpret } from '../../src/reference/interpret.js';
import { Random } from '../ops/random.js';
import { complaintsOf } from './comparison.js';
import { guardComplaints, readStored, sharedEngine } from './stored.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

/** States by name: u, v, w [6, 6], rows q and r [1, 6], a column c [6, 1], one number s [1, 1]. */
type States = Readonly<Record<'u' | 'v' | 'w' | 'q' | 'r' | 'c' | 's', Tensor>>;

/** Every new value is made of old states: what is new may not be read before all the others have read what is old. */
const CASES: Readonly<Record<string, (of: States) => Partial<Record<keyof States, Tensor>>>> = {
  'a state that is multiplied with itself': ({ w }) => ({ w: matmul(w, w) }),
  'a state that is read transposed': ({ u, w }) => ({ w: matmul(u, w, { transposeB: true }) }),
  'two states made of each other': ({ u, v }) => ({ u: subtract(u, v), v: subtract(v, u) }),
  'three states in a ring': ({ u, v, w }) => ({ u: add(u, v), v: multiply(v, w), w: subtract(w, u) }),
  'products of each other': ({ u, v }) => ({ u: matmul(u, v), v: matmul(v, u) }),
  'one value for two states': ({ v, w }) => ({ u: add(v, w), w: add(v, w) }),
  'a row that is broadcast and changes': ({ w, r }) => ({ w: add(w, r), r: multiply(r, r) }),
  'a column that is broadcast and changes': ({ w, c }) => ({ w: multiply(w, c), c: add(c, sumCols(w)) }),
  'a row that another epilogue of its own dispatch reads': ({ u, v, w, r }) => ({
    w: add(w, add(matmul(u, v, { transposeA: true }), r)),
    r: add(r, sumRows(v)),
  }),
  'a row that is drawn into another epilogue of its own dispatch': ({ u, v, w, r }) => ({
    w: add(matmul(u, v, { transposeA: true }), multiply(w, r)),
    r: add(r, sumRows(v)),
  }),
  'a row that another epilogue of the same shape reads': ({ v, q, r, c }) => ({
    q: add(q, add(matmul(c, v, { transposeA: true }), r)),
    r: add(r, sumRows(v)),
  }),
  'a sum of all that scales all': ({ u, w, s }) => ({ w: multiply(w, sumAll(u)), u: multiply(u, s), s: sumAll(w) }),
  'a chain of products': ({ u, v, w }) => ({ u: relu(matmul(v, w)), v: matmul(relu(matmul(v, w)), u), w: add(w, v) }),
};

test.each(Object.entries(CASES))('%s', async (_, valuesOf) => {
  for (const ride of [true, false]) {
    const trace = new Trace();
    const square = (name: string) => state(trace, name, 6, 6);
    const [u, v, w] = ['u', 'v', 'w'].map(square);
    const [q, r] = ['q', 'r'].map((name) => state(trace, name, 1, 6));
    const leaves = { u, v, w, q, r, c: state(trace, 'c', 6, 1), s: state(trace, 's', 1, 1) };
    const values = Object.entries(valuesOf(leaves));
    const updates = values.map(([name, value]) => ({ state: leaves[name as keyof States], value }));
    const executor = engine.createExecutor({ guards: 1, ride });
    const program = await executor.compile({ updates, metrics: [], outputs: [] }, new Map());
    const used = live(updates.flatMap(({ state, value }) => [state, value])).filter(({ op }) => op.kind === 'leaf');
    const random = new Random(3);
    for (const leaf of used) executor.write(leaf, random.floats(leaf.rows * leaf.cols, -1, 1));
    for (let step = 0; step < 3; step++) {
      const [before] = await readStored(executor, program.plan, used);
      program.run([[{ seed: [0, 0], step, sample: 0, start: 0, count: 1, hyper: {} }]]);
      const [after] = await readStored(executor, program.plan, used);
      const data = (leaf: Tensor) => before[used.indexOf(leaf)].values;
      const feed = (leaf: Tensor) => ({ rows: leaf.rows, cols: leaf.cols, data: data(leaf) });
      const wanted = interpret(
        updates.map(({ value }) => value),
        feed,
        { bounds: true },
      );
      const got = updates.map(({ state }) => after[used.indexOf(state)].values);
      const names = updates.map(({ state }) => `${leafName(state)}' of step ${step}${ride ? '' : ', nothing riding'}`);
      expect(names.flatMap((name, i) => complaintsOf(name, got[i], wanted[i]))).toEqual([]);
    }
    expect(await guardComplaints(executor)).toEqual([]);
    executor.dispose();
  }
});
