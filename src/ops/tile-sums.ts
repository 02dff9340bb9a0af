import { checkBatch } from './batch.js';
import { multiply } from './multiply.js';
import type { StructuralOp } from './op.js';
import type { Tensor } from './tensor.js';

/** Rows in one sum of `tileSums`. */
export const TILE_ROWS = 64;

export const tileSumsOp: StructuralOp = {
  name: 'tileSums',
  kind: 'structural',
  shape([x, batch]) {
    checkBatch('tileSums', batch);
    return { rows: Math.ceil(x.rows / TILE_ROWS), cols: 1, dtype: 'f32' };
  },
};

/**
 * The sums of every 64 rows of x, valid rows of the batch only, each times its weight if there are `weights` [m, 1]:
 * [m, n] -> [ceil(m / 64), 1]. Not differentiable.
 */
export function tileSums(x: Tensor, batch: Tensor, weights?: Tensor): Tensor {
  return x.trace.apply(tileSumsOp, [weights ? multiply(x, weights) : x, batch]);
}
