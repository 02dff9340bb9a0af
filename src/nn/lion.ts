import { checkNumber, checkOptions } from '../errors/arguments.js';
import type { Update } from '../graph/step.js';
import { average, descend, sign } from '../ops/index.js';
import { AT_LEAST_0, BELOW_1 } from './hyper-parameters.js';
import { decayed, type Optimizer, optimizerOfRate, rateScalar } from './optimizers.js';
import type { Schedule } from './schedules.js';

/** Options of `lion`. */
export interface LionOptions {
  /** Default 1e-4: every element moves by the whole rate, so it is smaller than Adam's. */
  learningRate?: number | Schedule | undefined;
  /** Share of the average in the direction, in [0, 1). Default 0.9. */
  beta1?: number | undefined;
  /** Decay of the average, in [0, 1). Default 0.99. */
  beta2?: number | undefined;
  /** Decoupled weight decay wd: θ <- (1 - lr·wd)·θ before the step. Biases do not decay. Default 0. */
  weightDecay?: number | undefined;
}

/**
 * Lion: θ <- (1 - lr·wd)·θ - lr·sign(β1·m + (1-β1)·g), then m <- β2·m + (1-β2)·g; the sign of 0 is 0.
 * Source: Chen et al., "Symbolic discovery of optimization algorithms" (2023), algorithm 2.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function lion(options: LionOptions = {}): Optimizer {
  checkOptions('lion', options, ['learningRate', 'beta1', 'beta2', 'weightDecay']);
  const { learningRate = 1e-4, beta1 = 0.9, beta2 = 0.99, weightDecay } = options;
  if (weightDecay !== undefined) checkNumber('lion', 'weightDecay', weightDecay, AT_LEAST_0);
  return optimizerOfRate('lion', learningRate, {
    numbers: { beta1: { start: beta1, range: BELOW_1 }, beta2: { start: beta2, range: BELOW_1 } },
    options: { weightDecay },
    update(gradients, context, rate) {
      const lr = rateScalar(context, rate);
      const complement = (name: string) => context.scalar(`1 - ${name}`, ({ hyper }) => [1 - hyper[name]]);
      return gradients.flatMap(({ parameter, gradient }): Update[] => {
        const state = context.optimizerState(parameter, 'average');
        const mixed = (beta: string) => average(state, gradient, context.scalar(beta), complement(beta));
        const theta = decayed(parameter, weightDecay, rate, context);
        return [
          { state, value: mixed('beta2') },
          { state: parameter.tensor, value: descend(theta, sign(mixed('beta1')), lr) },
        ];
      });
    },
  });
}
