import type { Layer } from '../../../src/index.js';
import {
  add,
  constant,
  divide,
  log,
  maximum,
  minimum,
  multiply,
  perExample,
  subtract,
  sumAll,
  sumRows,
} from '../../../src/ops.js';

/** Shares are kept so far from 0 and 1, where the divergence is infinite: a dead unit has no gradient. */
const MARGIN = 1e-4;

/**
 * Returns a layer that adds λ · Σ KL(ρ || q) over the units to the objective, where q is the unit's share of activity: the mean
 * of h / (1 + h) over the valid rows of a batch. The paper names "KL-sparsity" and says no more; the divergence needs activities
 * in (0, 1), and those of ReLU reach beyond, so that the squashing is ours.
 * @param options λ, and ρ, the share of activity that is wanted
 */
export function klSparsity({ strength, target }: { strength: number; target: number }): Layer {
  return {
    kind: 'klSparsity',
    options: { strength, target },
    apply(h, context) {
      if (!context.training) return h;
      const number = (value: number) => constant(h.trace, value);
      const active = sumRows(perExample(divide(h, add(number(1), h)), context.batch));
      const share = minimum(maximum(active, number(MARGIN)), number(1 - MARGIN));
      const rest = subtract(number(1), share);
      const crossed = add(multiply(number(-target), log(share)), multiply(number(target - 1), log(rest)));
      const entropy = -target * Math.log(target) - (1 - target) * Math.log(1 - target);
      context.penalty(multiply(sumAll(subtract(crossed, number(entropy))), number(strength)));
      return h;
    },
  };
}
