import { checkBoolean, checkChoice, checkNumber, checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import { l2Penalty } from '../ops/reductions.js';
import { asKnown } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { Regularizer } from './layer.js';

/** The meanings of λ that are in use. */
export type L2Convention = 'half' | 'sum' | 'mean';

/** Options of `l2`. */
export interface L2Options {
  /**
   * - 'half' (default): (λ / 2) · Σθ², gradient λθ
   * - 'sum': λ · Σθ², gradient 2λθ (Keras, TensorFlow.js)
   * - 'mean': (λ / 2m) · Σθ², gradient λθ / m, with m = `examples`
   */
  convention?: L2Convention | undefined;
  /** The m of the convention 'mean': the size of the training set. */
  examples?: number | undefined;
  /** Penalise biases too, and whatever else is not penalised otherwise. Default false. */
  biases?: boolean | undefined;
}

/**
 * The L2 penalty on weights. λ is the hyper-parameter `l2`, which `set` changes while training.
 * @param strength λ, at least 0
 * @throws RangeError or TypeError if λ is negative or not finite, or `examples` is missing for 'mean'
 */
export function l2(strength: number, options: L2Options = {}): Regularizer {
  checkNumber('l2', 'strength', strength, AT_LEAST_0);
  checkOptions('l2', options, ['convention', 'examples', 'biases']);
  const { convention = 'half', examples, biases = false } = options;
  checkChoice('l2', 'convention', convention, ['half', 'sum', 'mean']);
  checkBoolean('l2', 'biases', biases);
  if (convention === 'mean') checkPositiveInteger('l2', "examples (of convention 'mean')", examples);
  else if (examples !== undefined) throw new TypeError("l2: examples is only for the convention 'mean'");
  const factor = convention === 'half' ? 1 : convention === 'sum' ? 2 : 1 / (examples ?? 1);
  return asKnown({
    kind: 'l2',
    options: { strength, convention, biases, examples },
    starts: ['strength'],
    penalty({ penalised, tensor, layer }, context) {
      if (!penalised && !biases) return undefined;
      const name = `${layer}.l2`;
      context.hyper(name, strength, AT_LEAST_0);
      return l2Penalty(
        tensor,
        context.scalar(name, ({ hyper }) => [factor * hyper[name]]),
      );
    },
  });
}
