import { checkBoolean, checkNumber, checkOptions } from '../errors/arguments.js';
import { constant, divide, maximum, multiply, sqrt, subtract, sumAll, sumCols, type Tensor } from '../ops/index.js';
import { asKnown } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { LayerContext, Regularizer } from './layer.js';

/** Options of `groupLasso`. */
export interface GroupLassoOptions {
  /** Take the penalty's proximal step after the optimizer's, in place of its gradient. Default false. */
  proximal?: boolean | undefined;
}

/** The least sum of squares that is told from 0: its root can be divided by, and its gradient is 0 below. */
const LEAST = 2 ** -100;

/** Returns the norm of every row of w [features, units], at least 2^-50: [features, 1]. */
const rowNorms = (w: Tensor) => sqrt(maximum(sumCols(multiply(w, w)), constant(w.trace, LEAST)));

/**
 * The group lasso by input feature, λ · √units · Σ ‖w_i‖ over the rows w_i of w [features, units]: the weights out of a feature, or
 * out of a unit of the layer before, become small together, so that it selects features. Biases are left alone. λ is the
 * hyper-parameter `groupLasso`.
 *
 * With `proximal` the optimizer follows the loss alone, and then w_i <- w_i · max(1 - rate·λ·√units / ‖w_i‖, 0), which makes
 * rows exactly 0; `l1` says what that means for adaptive optimizers.
 * Source: Yuan and Lin (2006), equation 2.1; for networks: Scardapane et al., "Group sparse regularization for deep neural
 * networks" (2017), section 3; the proximal step: Parikh and Boyd, "Proximal algorithms" (2014), section 6.5.4.
 * @param strength λ, at least 0
 * @throws TypeError or RangeError naming the argument that is wrong
 */
export function groupLasso(strength: number, options: GroupLassoOptions = {}): Regularizer {
  checkNumber('groupLasso', 'strength', strength, AT_LEAST_0);
  checkOptions('groupLasso', options, ['proximal']);
  const { proximal = false } = options;
  checkBoolean('groupLasso', 'proximal', proximal);
  const declare = (layer: string, context: LayerContext) => {
    context.hyper(`${layer}.groupLasso`, strength, AT_LEAST_0);
    return `${layer}.groupLasso`;
  };
  return asKnown({
    kind: 'groupLasso',
    options: { strength, proximal },
    starts: ['strength'],
    penalty({ penalised, tensor, layer }, context) {
      if (!penalised) return undefined;
      const name = declare(layer, context);
      const root = Math.sqrt(tensor.cols);
      return multiply(
        sumAll(rowNorms(tensor)),
        context.scalar(`${name} · √units`, ({ hyper }) => [root * hyper[name]]),
      );
    },
    ...(proximal && {
      proximal({ penalised, layer }, value, context) {
        if (!penalised) return value;
        const name = declare(layer, context);
        const root = Math.sqrt(value.cols);
        const threshold = context.scalar(`rate · ${name}`, (host) => [root * context.rate(host) * host.hyper[name]]);
        const norms = rowNorms(value);
        return multiply(value, divide(maximum(subtract(norms, threshold), constant(value.trace, 0)), norms));
      },
    }),
  });
}
