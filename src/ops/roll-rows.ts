import rollRowsWgsl from '../../shaders/kernels/roll-rows.wgsl?raw';
import type { Operand, OwnKernel } from './own-kernel.js';
import { type StructuralOp, shapeOf, type Tensor } from './tensor.js';

/** Words of a roll in the step table: the distance, and the number of rows that take part. */
export const ROLL_WORDS = 2;

/* @__NO_SIDE_EFFECTS__ */
function kernel(name: string, x: Operand, constants: { readonly labels: boolean; readonly back: boolean }): OwnKernel {
  return {
    name,
    wgsl: rollRowsWgsl,
    inputs: { x, roll: { dims: '12', access: 'words' } },
    y: x.dims,
    constants,
    grid: ({ m, n = 1 }) => [Math.ceil(Math.ceil(n / 4) / 64), m],
    flops: () => 0,
  };
}

/* @__NO_SIDE_EFFECTS__ */
function rollOp(name: string, file: string, back: boolean): StructuralOp {
  return {
    name,
    kind: 'structural',
    shape([x, roll]) {
      if (roll.dtype !== 'u32' || roll.rows !== 1 || roll.cols !== ROLL_WORDS) {
        throw new Error(`${name}: roll must be u32 words [1, ${ROLL_WORDS}], got ${roll.dtype} ${shapeOf(roll)}`);
      }
      return { rows: x.rows, cols: x.cols, dtype: x.dtype === 'u32' ? 'u32' : 'f32' };
    },
    gradient: (dy, _y, [, roll]) => [dy.trace.apply(back ? rollRowsOp : rollRowsBackOp, [dy, roll]), undefined],
    kernels: [
      kernel(file, { dims: 'mn', access: 'rows' }, { labels: false, back }),
      kernel(`${file}-labels`, { dims: 'm1', access: 'index' }, { labels: true, back }),
    ],
  };
}

export const rollRowsOp = rollOp('rollRows', 'roll-rows', false);

/** The other direction: the gradient of `rollRows`. */
export const rollRowsBackOp = rollOp('rollRowsBack', 'roll-rows-back', true);

/**
 * Row (i + distance) mod count of x in row i, for the words (distance < count, count) of `roll`, u32 [1, 2]: the rows of a batch
 * see one another. Rows from count on stay; with the number of valid rows as count, those of a short batch keep to themselves. x [m, n]
 * of numbers, or indices u32 [m, 1].
 */
export function rollRows(x: Tensor, roll: Tensor): Tensor {
  return x.trace.apply(rollRowsOp, [x, roll]);
}
