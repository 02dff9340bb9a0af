import { checkNumber, checkOptions } from '../errors/arguments.js';
import { adamDirection, average, averageSquare, descend } from '../ops/index.js';
import { RANGES } from './hyper-parameters.js';
import { decayed, declareRate, describeRate, type Optimizer } from './optimizer.js';
import { rateOf, type Schedule } from './schedules.js';

/** Options of `adam`. */
export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number | Schedule;
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment; > 0. Default 1e-8. */
  epsilon?: number;
}

/** Options of `adamw`. */
export interface AdamwOptions extends AdamOptions {
  /** Decoupled weight decay wd: θ <- (1 - lr·wd)·θ before the step. Biases do not decay. Default 0.01. */
  weightDecay?: number;
}

const names = ['learningRate', 'beta1', 'beta2', 'epsilon'];

/**
 * Adam with PyTorch's formulas: m <- β1·m + (1-β1)·g, v <- β2·v + (1-β2)·g², θ <- θ - lr/(1-β1^t) · m / (sqrt(v)/sqrt(1-β2^t) + ε).
 * Source: Kingma and Ba, "Adam" (2015), algorithm 1.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions('adam', options, names);
  return adamLike('adam', options);
}

/** Adam with decoupled weight decay. Source: Loshchilov and Hutter (2019), algorithm 2. */
export function adamw(options: AdamwOptions = {}): Optimizer {
  checkOptions('adamw', options, [...names, 'weightDecay']);
  const { weightDecay = 0.01 } = options;
  checkNumber('adamw', 'weightDecay', weightDecay, RANGES.weightDecay);
  return adamLike('adamw', options, weightDecay);
}

function adamLike(kind: string, options: AdamOptions, weightDecay?: number): Optimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const rate = rateOf(kind, 'learningRate', learningRate);
  checkNumber(kind, 'beta1', beta1, RANGES.beta1);
  checkNumber(kind, 'beta2', beta2, RANGES.beta2);
  checkNumber(kind, 'epsilon', epsilon, RANGES.epsilon);
  const decays = weightDecay === undefined ? {} : { weightDecay };
  return {
    kind,
    options: { learningRate: describeRate(rate), beta1, beta2, epsilon, ...decays },
    update(parameter, gradient, context) {
      const { tensor } = parameter;
      const at = declareRate(rate, context);
      for (const [name, start] of Object.entries({ beta1, beta2, epsilon })) context.hyper(name, start);
      const complement = (name: string) => context.scalar(`1 - ${name}`, ({ hyper }) => [1 - hyper[name]]);
      const size = context.scalar('stepSize', (host) => [at(host) / (1 - host.hyper.beta1 ** (host.step + 1))]);
      const correction = context.scalar('rootCorrection', ({ hyper, step }) => [
        1 / Math.sqrt(1 - hyper.beta2 ** (step + 1)),
      ]);
      const theta = decayed(parameter, weightDecay, at, context);
      const first = context.optimizerState(parameter, 'average');
      const second = context.optimizerState(parameter, 'averageSquare');
      const m = average(first, gradient, context.scalar('beta1'), complement('beta1'));
      const v = averageSquare(second, gradient, context.scalar('beta2'), complement('beta2'));
      const direction = adamDirection(m, v, correction, context.scalar('epsilon'));
      return [
        { state: first, value: m },
        { state: second, value: v },
        { state: tensor, value: descend(theta, direction, size) },
      ];
    },
  };
}
