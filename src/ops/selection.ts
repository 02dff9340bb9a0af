import chooseWgsl from '../../shaders/ops/choose.wgsl?raw';
import greaterWgsl from '../../shaders/ops/greater.wgsl?raw';
import maximumWgsl from '../../shaders/ops/maximum.wgsl?raw';
import minimumWgsl from '../../shaders/ops/minimum.wgsl?raw';
import { subtract } from './arithmetic.js';
import { constant } from './leaves.js';
import { elementwise, type Tensor } from './tensor.js';

/** The gradient dy as two: where the condition holds, and elsewhere. */
function shared(dy: Tensor, condition: Tensor): [Tensor, Tensor] {
  const zero = constant(dy.trace, 0);
  return [select(condition, dy, zero), select(condition, zero, dy)];
}

export const maximumOp = elementwise('maximum(a, b)', maximumWgsl, {
  kink: ([a, b]) => subtract(a, b),
  gradient: (dy, _y, [a, b]) => shared(dy, greater(a, b)),
});

/** The larger one of a and b, broadcast. Where they are equal, b has the gradient: `maximum(x, 0)` has that of `relu`. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(maximumOp, [a, b]);
}

export const minimumOp = elementwise('minimum(a, b)', minimumWgsl, {
  kink: ([a, b]) => subtract(a, b),
  gradient: (dy, _y, [a, b]) => shared(dy, greater(b, a)),
});

/** The smaller one of a and b, broadcast. Where they are equal, b has the gradient. */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(minimumOp, [a, b]);
}

export const greaterOp = elementwise('greater(a, b)', greaterWgsl, {
  kink: ([a, b]) => subtract(a, b),
  gradient: () => [undefined, undefined],
});

/** 1 where a > b, else 0, broadcast. No gradient passes it. */
export function greater(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(greaterOp, [a, b]);
}

export const selectOp = elementwise('choose(condition, a, b)', chooseWgsl, {
  kink: ([condition]) => condition,
  gradient: (dy, _y, [condition]) => [undefined, ...shared(dy, condition)],
});

/** a where `condition` > 0, b elsewhere, broadcast. The condition gets no gradient. */
export function select(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(selectOp, [condition, a, b]);
}
