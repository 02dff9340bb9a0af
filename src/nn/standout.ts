import { checkNumber, checkOptions, type NumberRange } from '../errors/arguments.js';
import { sigmoid } from '../ops/activations.js';
import { add, multiply } from '../ops/arithmetic.js';
import { randomUniform } from '../ops/random.js';
import { greater } from '../ops/selection.js';
import { asKnown } from './described.js';
import type { Layer } from './layer.js';
import { random } from './random-source.js';

/** Options of `standout`. */
export interface StandoutOptions {
  /** Factor α of the unit's input: the hyper-parameter `scale`. Default 1. */
  scale?: number | undefined;
  /** Shift β: the hyper-parameter `shift`. Default 0. */
  shift?: number | undefined;
}

const ANY: NumberRange = { float32: true };

/**
 * Standout, dropout that adapts to the example, between a dense layer and `relu()`: in training each element x stays with
 * probability σ(scale · x + shift) and is 0 otherwise; evaluation multiplies by that probability. The masks come from the
 * layer's own weights, as the source recommends, and get no gradient. An element whose probability is within rounding of its
 * random number may be kept on one device and dropped on another.
 * Source: Ba and Frey, "Adaptive dropout for training deep neural networks" (2013), sections 2 and 3.2.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function standout(options: StandoutOptions = {}): Layer {
  const kind = 'standout';
  checkOptions(kind, options, ['scale', 'shift']);
  const { scale = 1, shift = 0 } = options;
  checkNumber(kind, 'scale', scale, ANY);
  checkNumber(kind, 'shift', shift, ANY);
  return asKnown({
    kind,
    options: { scale, shift },
    starts: ['scale', 'shift'],
    apply(x, context) {
      const layer = context.layerName(kind);
      context.hyper(`${layer}.scale`, scale, ANY);
      context.hyper(`${layer}.shift`, shift, ANY);
      const scalar = (name: string) => context.scalar(`${layer}.${name}`);
      const kept = sigmoid(add(multiply(x, scalar('scale')), scalar('shift')));
      return multiply(x, context.random ? greater(kept, randomUniform(random(context, layer), x)) : kept);
    },
  });
}
