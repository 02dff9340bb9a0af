import { checkNumber, checkOptions } from '../errors/arguments.js';
import type { Update } from '../graph/step.js';
import { average, descend, sign } from '../ops/index.js';
import { asKnown } from './described.js';
import { AT_LEAST_0, BELOW_1 } from './hyper-parameters.js';
import { decayed, declareRate, type Optimizer, rateAt } from './optimizers.js';
import { describeRate, rateOf, type Schedule } from './schedules.js';

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
  const rate = rateOf('lion', 'learningRate', learningRate);
  checkNumber('lion', 'beta1', beta1, BELOW_1);
  checkNumber('lion', 'beta2', beta2, BELOW_1);
  if (weightDecay !== undefined) checkNumber('lion', 'weightDecay', weightDecay, AT_LEAST_0);
  return asKnown({
    kind: 'lion',
    options: { learningRate: describeRate(rate), beta1, beta2, weightDecay },
    rate: () => rateAt(rate),
    update(gradients, context) {
      const at = declareRate(rate, context);
      context.hyper('beta1', beta1, BELOW_1);
      context.hyper('beta2', beta2, BELOW_1);
      const lr = context.scalar('learningRate', (host) => [at(host)]);
      const complement = (name: string) => context.scalar(`1 - ${name}`, ({ hyper }) => [1 - hyper[name]]);
      return gradients.flatMap(({ parameter, gradient }): Update[] => {
        const state = context.optimizerState(parameter, 'average');
        const mixed = (beta: string) => average(state, gradient, context.scalar(beta), complement(beta));
        const theta = decayed(parameter, weightDecay, at, context);
        return [
          { state, value: mixed('beta2') },
          { state: parameter.tensor, value: descend(theta, sign(mixed('beta1')), lr) },
        ];
      });
    },
  });
}
