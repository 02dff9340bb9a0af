import { permutation } from '../random/permutation.js';
import type { Key } from '../random/philox.js';

/** The epoch number of the permutation that deals rows out to folds: no training and no `split` draws its words. */
const FOLD_EPOCH = 0xfffffffe;

/** Weights of the rows of a data set for cross-validation, by fold: a row's own, which is 1 by default, or 0. */
export interface Folds {
  /** 0 for the rows of the fold, which are held out. */
  readonly training: readonly Float32Array[];
  /** 0 for all others. */
  readonly heldOut: readonly Float32Array[];
}

/**
 * Deals `examples` rows out to `count` folds whose sizes differ by one at most: row p[i] belongs to fold
 * floor(i · count / examples), p being the permutation of the key at epoch 2^32 - 2. With `labels`, the class of each row,
 * every fold has its share of each class: the rows p[i] are sorted by class, and number i of them belongs to fold
 * i mod count.
 * @param weights of the rows themselves
 */
export function foldsOf(
  examples: number,
  count: number,
  key: Key,
  { labels, weights }: { readonly labels?: ArrayLike<number>; readonly weights?: Float32Array } = {},
): Folds {
  const own = weights ?? new Float32Array(examples).fill(1);
  const training = Array.from({ length: count }, () => own.slice());
  const heldOut = Array.from({ length: count }, () => new Float32Array(examples));
  const order = permutation(examples, key, FOLD_EPOCH);
  const rows = labels ? Array.from(order).sort((a, b) => labels[a] - labels[b]) : order;
  rows.forEach((row, i) => {
    const fold = labels ? i % count : Math.floor((i * count) / examples);
    training[fold][row] = 0;
    heldOut[fold][row] = own[row];
  });
  return { training, heldOut };
}

/** Their mean, and its standard error: the standard deviation over the root of how many there are. */
export function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}
