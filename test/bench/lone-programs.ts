import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import type { GpuProgram } from '../../src/gpu/gpu-program.js';
import type { HostFunction, Step } from '../../src/graph/step.js';
import {
  adamDirection,
  add,
  average,
  averageSquare,
  descend,
  input,
  l2Penalty,
  relu,
  scalar,
  state,
  sumAll,
  sumCols,
  sumRows,
  type Tensor,
  Trace,
  velocity,
} from '../../src/ops/index.js';

/** A step of one kernel that does nothing but move memory. */
export interface LoneProgram {
  readonly what: string;
  readonly executor: GpuExecutor;
  readonly program: GpuProgram;
}

/** Returns a step made of these parts. */
type Make = (parts: {
  readonly of: (name: string) => Tensor;
  readonly kept: (name: string) => Tensor;
  readonly number: (name: string, value: number) => Tensor;
}) => Partial<Step>;

/** A step for each kind in the target: elementwise, optimiser, reduction. */
const STEPS: readonly [what: string, make: Make][] = [
  ['elementwise: relu(a + b)', ({ of }) => ({ outputs: [relu(add(of('a'), of('b')))] })],
  [
    'optimiser: momentum',
    ({ of, kept, number }) => {
      const [v, w] = [kept('v'), kept('w')];
      const next = velocity(v, of('g'), number('momentum', 0.9));
      return {
        updates: [
          { state: v, value: next },
          { state: w, value: descend(w, next, number('rate', 0.01)) },
        ],
      };
    },
  ],
  [
    'optimiser: Adam',
    ({ of, kept, number }) => {
      const [first, second, w, g] = [kept('first'), kept('second'), kept('w'), of('g')];
      const m = average(first, g, number('beta1', 0.9), number('1 - beta1', 0.1));
      const v = averageSquare(second, g, number('beta2', 0.999), number('1 - beta2', 0.001));
      const direction = adamDirection(m, v, number('correction', 1), number('epsilon', 1e-8));
      return {
        updates: [
          { state: first, value: m },
          { state: second, value: v },
          { state: w, value: descend(w, direction, number('rate', 0.001)) },
        ],
      };
    },
  ],
  ['reduction: sums over rows', ({ of }) => ({ outputs: [sumRows(of('a'))] })],
  ['reduction: sums over columns', ({ of }) => ({ outputs: [sumCols(of('a'))] })],
  ['reduction: sum of all', ({ of }) => ({ outputs: [sumAll(of('a'))] })],
  ['reduction: L2 penalty', ({ of, number }) => ({ outputs: [l2Penalty(of('a'), number('lambda', 0.1))] })],
];

/** Compiles each of them for tensors of [size, size]. */
export function lonePrograms(engine: GpuEngine, size: number): Promise<LoneProgram[]> {
  return Promise.all(
    STEPS.map(async ([what, make]) => {
      const trace = new Trace();
      const scalars = new Map<Tensor, HostFunction>();
      const step = make({
        of: (name) => input(trace, name, size, size),
        kept: (name) => state(trace, name, size, size),
        number: (name, value) => {
          const leaf = scalar(trace, name);
          scalars.set(leaf, () => [value]);
          return leaf;
        },
      });
      const executor = engine.createExecutor({ slots: 64, debug: false });
      const program = await executor.compile({ updates: [], metrics: [], outputs: [], ...step }, scalars);
      return { what, executor, program };
    }),
  );
}
