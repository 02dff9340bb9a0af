import absoluteWgsl from '../../shaders/ops/absolute.wgsl?raw';
import exponentialWgsl from '../../shaders/ops/exponential.wgsl?raw';
import logarithmWgsl from '../../shaders/ops/logarithm.wgsl?raw';
import signOfWgsl from '../../shaders/ops/sign-of.wgsl?raw';
import squareRootWgsl from '../../shaders/ops/square-root.wgsl?raw';
import { divide, multiply } from './arithmetic.js';
import { constant } from './leaves.js';
import { elementwise, type Tensor } from './tensor.js';

// WGSL has functions called sqrt, exp, log, abs and sign, which the functions of other ops call: these ops have other names.

export const sqrtOp = elementwise('squareRoot(x)', squareRootWgsl, {
  gradient: (dy, y) => [divide(multiply(dy, constant(dy.trace, 0.5)), y)],
});

/** The square root of x >= 0. Its gradient dy / 2√x is infinite at 0. */
export function sqrt(x: Tensor): Tensor {
  return x.trace.apply(sqrtOp, [x]);
}

export const expOp = elementwise('exponential(x)', exponentialWgsl, { gradient: (dy, y) => [multiply(dy, y)] });

/** e^x; overflows float32 above 88.7. */
export function exp(x: Tensor): Tensor {
  return x.trace.apply(expOp, [x]);
}

export const logOp = elementwise('logarithm(x)', logarithmWgsl, { gradient: (dy, _y, [x]) => [divide(dy, x)] });

/** The natural logarithm of x > 0. Near 1, devices may be 2^-21 off, however small the result. */
export function log(x: Tensor): Tensor {
  return x.trace.apply(logOp, [x]);
}

export const absOp = elementwise('absolute(x)', absoluteWgsl, {
  kink: ([x]) => x,
  gradient: (dy, _y, [x]) => [multiply(dy, sign(x))],
});

/** |x|. Its gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return x.trace.apply(absOp, [x]);
}

export const signOp = elementwise('signOf(x)', signOfWgsl, { kink: ([x]) => x, gradient: () => [undefined] });

/** 1 where x > 0, -1 where x < 0, 0 where it is 0. No gradient passes it. */
export function sign(x: Tensor): Tensor {
  return x.trace.apply(signOp, [x]);
}
