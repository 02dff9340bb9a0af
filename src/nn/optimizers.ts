import { checkBoolean, checkNumber, checkOptions } from '../errors/arguments.js';
import type { Update } from '../graph/step.js';
import { multiply } from '../ops/arithmetic.js';
import { adamDirection, average, averageSquare, descend, velocity as velocityOf } from '../ops/index.js';
import type { Tensor } from '../ops/tensor.js';
import { asKnown, type Described } from './described.js';
import { ABOVE_0, AT_LEAST_0, BELOW_1, type HyperTable, startsOf } from './hyper-parameters.js';
import type { HostRate, LayerContext, Parameter } from './layer.js';
import { describeRate, rateOf, type Schedule } from './schedules.js';

/** The requests that an optimiser may make while it is traced. */
export interface OptimizerContext extends LayerContext {
  /** Declares a state of the optimiser of the parameter's shape. It starts with the parameter's value, or a number. Default 0. */
  optimizerState(parameter: Parameter, name: string, start?: 'value' | number): Tensor;
}

/** A parameter and the gradient of the objective with respect to it. */
export interface ParameterGradient {
  readonly parameter: Parameter;
  readonly gradient: Tensor;
}

/** Turns gradients into the next values of parameters and of the optimiser's own states. */
export interface Optimizer extends Described {
  /** Returns the new values from the gradients of all parameters. */
  update(gradients: readonly ParameterGradient[], context: OptimizerContext): Update[];
  /** Returns a parameter's learning rate, for proximal steps and constraints. */
  rate?(parameter: Parameter): HostRate;
  /**
   * Returns the update of an average of the parameter's values from its new value, constraints applied; evaluation and
   * prediction read that state in place of the parameter. Default: they read the parameter.
   */
  average?(parameter: Parameter, value: Tensor, context: OptimizerContext): Update;
}

/** An optimizer's options and its updates, beside its learning rate. */
interface WithRate {
  /** Numbers that are options and hyper-parameters. */
  readonly numbers?: HyperTable;
  /** The other options. */
  readonly options?: object;
  /** Returns the updates; `rate` is the learning rate at a step. */
  update(gradients: readonly ParameterGradient[], context: OptimizerContext, rate: HostRate): Update[];
}

/**
 * Returns an optimizer that has a learning rate: it checks and declares the rate, the numbers of its schedule and its own.
 * @throws TypeError or RangeError naming the kind and the number that is wrong
 */
export function optimizerOfRate(
  kind: string,
  learningRate: number | Schedule,
  { numbers = {}, options, update }: WithRate,
): Optimizer {
  const schedule = rateOf(kind, 'learningRate', learningRate);
  for (const [name, { start, range }] of Object.entries(numbers)) checkNumber(kind, name, start, range);
  const declared = { learningRate: { start: schedule.base, range: AT_LEAST_0 }, ...schedule.hyper, ...numbers };
  const rate: HostRate = ({ hyper, step }) => hyper.learningRate * schedule.factor(step, hyper);
  return asKnown({
    kind,
    options: { learningRate: describeRate(schedule), ...startsOf(numbers), ...options },
    rate: () => rate,
    update(gradients, context) {
      for (const [name, { start, range }] of Object.entries(declared)) context.hyper(name, start, range);
      return update(gradients, context, rate);
    },
  });
}

/** Returns the learning rate as a scalar. */
export const rateScalar = (context: LayerContext, rate: HostRate) =>
  context.scalar('learningRate', (host) => [rate(host)]);

/** Returns the parameter after decoupled weight decay, (1 - lr·wd)·θ; biases do not decay. */
export function decayed(
  { tensor, decays }: Parameter,
  weightDecay: number | undefined,
  rate: HostRate,
  context: LayerContext,
): Tensor {
  if (weightDecay === undefined || !decays) return tensor;
  context.hyper('weightDecay', weightDecay, AT_LEAST_0);
  return multiply(
    tensor,
    context.scalar('decay', (host) => [1 - rate(host) * host.hyper.weightDecay]),
  );
}

/** Options of `sgd`. */
export interface SgdOptions {
  /** Default 0.01. */
  learningRate?: number | Schedule | undefined;
  /** μ of the velocity v <- μ·v + g, in [0, 1). Default 0, which is plain gradient descent without a state. */
  momentum?: number | undefined;
  /** Step along g + μ·v instead of v. Default false. */
  nesterov?: boolean | undefined;
  /** Decoupled weight decay wd: θ <- θ - lr·v - lr·wd·θ (SGDW). Biases do not decay. Default 0. */
  weightDecay?: number | undefined;
}

/**
 * Stochastic gradient descent with PyTorch's formulas: v <- μ·v + g, θ <- θ - lr·v.
 * `weightDecay` is the decoupled one: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 1.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkOptions('sgd', options, ['learningRate', 'momentum', 'nesterov', 'weightDecay']);
  const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay } = options;
  checkNumber('sgd', 'momentum', momentum, BELOW_1);
  checkBoolean('sgd', 'nesterov', nesterov);
  if (weightDecay !== undefined) checkNumber('sgd', 'weightDecay', weightDecay, AT_LEAST_0);
  if (nesterov && momentum === 0) throw new RangeError('sgd: nesterov needs a momentum > 0, got 0');
  return optimizerOfRate('sgd', learningRate, {
    options: { momentum, nesterov, weightDecay },
    update: (gradients, context, rate) =>
      gradients.flatMap(({ parameter, gradient }): Update[] => {
        const { tensor } = parameter;
        const lr = rateScalar(context, rate);
        const theta = decayed(parameter, weightDecay, rate, context);
        if (momentum === 0) return [{ state: tensor, value: descend(theta, gradient, lr) }];
        context.hyper('momentum', momentum, BELOW_1);
        const mu = context.scalar('momentum');
        const state = context.optimizerState(parameter, 'velocity');
        const v = velocityOf(state, gradient, mu);
        const direction = nesterov ? velocityOf(v, gradient, mu) : v;
        return [
          { state, value: v },
          { state: tensor, value: descend(theta, direction, lr) },
        ];
      }),
  });
}

/** Options of `adam`. */
export interface AdamOptions {
  /** Default 0.001. */
  learningRate?: number | Schedule | undefined;
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  beta2?: number | undefined;
  /** Added to the root of the second moment; > 0. Default 1e-8. */
  epsilon?: number | undefined;
}

/** Options of `adamw`. */
export interface AdamwOptions extends AdamOptions {
  /** Decoupled weight decay wd: θ <- (1 - lr·wd)·θ before the step. Biases do not decay. Default 0.01. */
  weightDecay?: number | undefined;
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
  checkNumber('adamw', 'weightDecay', weightDecay, AT_LEAST_0);
  return adamLike('adamw', options, weightDecay);
}

function adamLike(kind: string, options: AdamOptions, weightDecay?: number): Optimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return optimizerOfRate(kind, learningRate, {
    numbers: {
      beta1: { start: beta1, range: BELOW_1 },
      beta2: { start: beta2, range: BELOW_1 },
      epsilon: { start: epsilon, range: ABOVE_0 },
    },
    options: weightDecay === undefined ? {} : { weightDecay },
    update(gradients, context, rate) {
      const complement = (name: string) => context.scalar(`1 - ${name}`, ({ hyper }) => [1 - hyper[name]]);
      const size = context.scalar('stepSize', (host) => [rate(host) / (1 - host.hyper.beta1 ** (host.step + 1))]);
      const correction = context.scalar('rootCorrection', ({ hyper, step }) => [
        1 / Math.sqrt(1 - hyper.beta2 ** (step + 1)),
      ]);
      return gradients.flatMap(({ parameter, gradient }): Update[] => {
        const theta = decayed(parameter, weightDecay, rate, context);
        const first = context.optimizerState(parameter, 'average');
        const second = context.optimizerState(parameter, 'averageSquare');
        const m = average(first, gradient, context.scalar('beta1'), complement('beta1'));
        const v = averageSquare(second, gradient, context.scalar('beta2'), complement('beta2'));
        const direction = adamDirection(m, v, correction, context.scalar('epsilon'));
        return [
          { state: first, value: m },
          { state: second, value: v },
          { state: parameter.tensor, value: descend(theta, direction, size) },
        ];
      });
    },
  });
}
