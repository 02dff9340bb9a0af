import { checkBoolean, checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import { bias, matmul } from '../ops/index.js';
import { asKnown, checkDescribed } from './described.js';
import { he, type Initializer, zeros } from './initializers.js';
import type { Constraint, Layer, Regularizer } from './layer.js';

/** Options of a dense layer. */
export interface DenseOptions {
  /** Add a bias. Default true. */
  bias?: boolean | undefined;
  /** The initial weights. Default `he()`. */
  initializer?: Initializer | undefined;
  /** The penalty of this layer's weights, in place of the model's. */
  regularizer?: Regularizer | undefined;
  /** The constraint that this layer's parameters keep, in place of the model's. */
  constraint?: Constraint | undefined;
}

/**
 * A fully connected layer: y = x · w + b with x [m, features], w [features, units], b [1, units].
 * @param units columns of the output
 * @throws RangeError or TypeError if `units` is no positive integer or an option is wrong
 */
export function dense(units: number, options: DenseOptions = {}): Layer {
  checkPositiveInteger('dense', 'units', units);
  checkOptions('dense', options, ['bias', 'initializer', 'regularizer', 'constraint']);
  const { bias: biased = true, initializer = he(), regularizer, constraint } = options;
  checkBoolean('dense', 'bias', biased);
  checkDescribed('dense', 'initializer', initializer, 'fill', 'he()');
  if (regularizer !== undefined) checkDescribed('dense', 'regularizer', regularizer, 'penalty', 'l2(1e-4)');
  if (constraint !== undefined) checkDescribed('dense', 'constraint', constraint, 'constrain', 'maxNorm(3)');
  return asKnown({
    kind: 'dense',
    options: { units, bias: biased, initializer, regularizer, constraint },
    apply(x, context) {
      const layer = context.layerName('dense');
      const both = { cols: units, layer, regularizer, constraint };
      const name = `${layer}.w`;
      const w = context.parameter(name, { ...both, rows: x.cols, decays: true, penalised: true, initializer });
      const y = matmul(x, w);
      if (!biased) return y;
      const own = { ...both, rows: 1, decays: false, penalised: false, initializer: zeros(), under: name };
      return bias(y, context.parameter(`${layer}.b`, own));
    },
  });
}
