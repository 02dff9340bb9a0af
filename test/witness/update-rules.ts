import type { Arithmetic } from './float32.js';

/** One parameter's next value; `state` is its own and starts at 0; t counts from 1. */
export interface UpdateRule {
  readonly states: number;
  next(theta: number, gradient: number, state: Float64Array, t: number, decays: boolean): number;
}

/** An optimiser in the arithmetic of an engine. */
export type Rule = (arithmetic: Arithmetic) => UpdateRule;

/** PyTorch's torch.optim.SGD, and decoupled decay as in Loshchilov and Hutter (2019), algorithm 1. */
export function torchSgd({ lr = 0, mu = 0, nesterov = false, wd = 0 }): Rule {
  return ({ rounded }) => ({
    states: 1,
    next(theta, gradient, state, _, decays) {
      const v = mu * state[0] + gradient;
      state[0] = mu === 0 ? v : rounded(v, Math.abs(mu * state[0]) + Math.abs(gradient), 2);
      const direction = nesterov ? gradient + mu * state[0] : state[0];
      const decay = decays ? lr * wd : 0;
      const size = (1 + decay) * Math.abs(theta) + lr * (nesterov ? Math.abs(gradient) : 0) + lr * Math.abs(state[0]);
      return rounded(theta - lr * direction - decay * theta, size, 4);
    },
  });
}

/** β^t. */
type Power = (beta: number, t: number) => number;

/** Returns the denominator of Adam's step, below m̂. */
type Divisor = (v: number, eps: number, correction: number) => number;

/** √(v / (1 - β2^t)) + ε. */
const torchDivisor: Divisor = (v, eps, correction) => Math.sqrt(v / correction) + eps;

/**
 * (√v + ε) / √(1 - β2^t): Adam with the "epsilon hat" of Kingma and Ba's section 2, as TensorFlow and Keras in Python have it.
 */
export const epsilonHat: Divisor = (v, eps, correction) => (Math.sqrt(v) + eps) / Math.sqrt(correction);

/** PyTorch's torch.optim.Adam and AdamW. β^t counts as a product of t float32 factors, which is how tfjs has it. */
export function torchAdam({
  lr = 0,
  beta1 = 0,
  beta2 = 0,
  eps = 0,
  wd = 0,
  power = Math.pow as Power,
  divisor = torchDivisor,
}): Rule {
  return ({ rounded }) => ({
    states: 2,
    next(theta, gradient, state, t, decays) {
      const [m, v] = [beta1 * state[0], beta2 * state[1]];
      const [dm, dv] = [(1 - beta1) * gradient, (1 - beta2) * gradient ** 2];
      state[0] = rounded(m + dm, Math.abs(m) + Math.abs(dm), 2);
      state[1] = rounded(v + dv, v + dv, 3);
      const correction = (beta: number) => 1 - rounded(power(beta, t), power(beta, t), t);
      const below = divisor(state[1], eps, correction(beta2));
      const step = (lr * (state[0] / correction(beta1))) / below;
      const decay = decays ? lr * wd : 0;
      // The root 5 units, its correction 2, the sum 1, the division 2.5; the rate and its correction 3.
      const walked = rounded(step, Math.abs(step), 14);
      return rounded(theta - decay * theta - walked, (1 + decay) * Math.abs(theta) + Math.abs(walked), 2);
    },
  });
}
