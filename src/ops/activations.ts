import eluWgsl from '../../shaders/ops/elu.wgsl?raw';
import eluGradientWgsl from '../../shaders/ops/elu-gradient.wgsl?raw';
import geluWgsl from '../../shaders/ops/gelu.wgsl?raw';
import geluGradientWgsl from '../../shaders/ops/gelu-gradient.wgsl?raw';
import leakyReluWgsl from '../../shaders/ops/leaky-relu.wgsl?raw';
import leakyReluGradientWgsl from '../../shaders/ops/leaky-relu-gradient.wgsl?raw';
import reluWgsl from '../../shaders/ops/relu.wgsl?raw';
import reluGradientWgsl from '../../shaders/ops/relu-gradient.wgsl?raw';
import sigmoidWgsl from '../../shaders/ops/sigmoid.wgsl?raw';
import sigmoidGradientWgsl from '../../shaders/ops/sigmoid-gradient.wgsl?raw';
import softplusWgsl from '../../shaders/ops/softplus.wgsl?raw';
import tanhWgsl from '../../shaders/ops/tanh.wgsl?raw';
import tanhGradientWgsl from '../../shaders/ops/tanh-gradient.wgsl?raw';
import { multiply } from './arithmetic.js';
import { elementwise, type Tensor } from './tensor.js';

/** @internal */
export const reluOp = elementwise('relu(x)', reluWgsl, {
  kink: ([x]) => x,
  gradient: (dy, y) => [reluGradient(dy, y)],
});

/** @internal */
export const reluGradientOp = elementwise('reluGradient(dy, y)', reluGradientWgsl);

/** max(x, 0). */
export function relu(x: Tensor): Tensor {
  return x.trace.apply(reluOp, [x]);
}

/** dy where the output y of relu is positive, else 0. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(reluGradientOp, [dy, y]);
}

/** @internal */
export const leakyReluOp = elementwise('leakyRelu(x, slope)', leakyReluWgsl, {
  kink: ([x]) => x,
  gradient: (dy, y, [, slope]) => [leakyReluGradient(dy, y, slope), undefined],
});

/** @internal */
export const leakyReluGradientOp = elementwise('leakyReluGradient(dy, y, slope)', leakyReluGradientWgsl);

/** x where x >= 0, else slope · x; slope [1, 1] > 0 gets no gradient. Source: Maas, Hannun, Ng, ICML 2013, section 2. */
export function leakyRelu(x: Tensor, slope: Tensor): Tensor {
  return x.trace.apply(leakyReluOp, [x, slope]);
}

/** dy where the output y of leakyRelu is positive, else slope · dy: with slope > 0, y has the sign of x. */
export function leakyReluGradient(dy: Tensor, y: Tensor, slope: Tensor): Tensor {
  return y.trace.apply(leakyReluGradientOp, [dy, y, slope]);
}

/** @internal */
export const tanhOp = elementwise('tanh(x)', tanhWgsl, { gradient: (dy, y) => [tanhGradient(dy, y)] });

/** @internal */
export const tanhGradientOp = elementwise('tanhGradient(dy, y)', tanhGradientWgsl);

/** The hyperbolic tangent of x. */
export function tanh(x: Tensor): Tensor {
  return x.trace.apply(tanhOp, [x]);
}

/** dy · (1 - y²) for the output y of tanh. */
export function tanhGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(tanhGradientOp, [dy, y]);
}

/** @internal */
export const sigmoidOp = elementwise('sigmoid(x)', sigmoidWgsl, { gradient: (dy, y) => [sigmoidGradient(dy, y)] });

/** @internal */
export const sigmoidGradientOp = elementwise('sigmoidGradient(dy, y)', sigmoidGradientWgsl);

/** The logistic function of x, 1 / (1 + exp(-x)). */
export function sigmoid(x: Tensor): Tensor {
  return x.trace.apply(sigmoidOp, [x]);
}

/** dy · y · (1 - y) for the output y of sigmoid. */
export function sigmoidGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(sigmoidGradientOp, [dy, y]);
}

/** @internal */
export const geluOp = elementwise('gelu(x)', geluWgsl, { gradient: (dy, _y, [x]) => [geluGradient(dy, x)] });

/** @internal */
export const geluGradientOp = elementwise('geluGradient(dy, x)', geluGradientWgsl);

/** x · Φ(x), Φ the standard normal distribution function. Source: Hendrycks and Gimpel, arXiv 1606.08415 (exact form). */
export function gelu(x: Tensor): Tensor {
  return x.trace.apply(geluOp, [x]);
}

/** dy · (Φ(x) + x · φ(x)), φ the standard normal density. */
export function geluGradient(dy: Tensor, x: Tensor): Tensor {
  return x.trace.apply(geluGradientOp, [dy, x]);
}

/** @internal */
export const softplusOp = elementwise('softplus(x)', softplusWgsl, {
  gradient: (dy, _y, [x]) => [multiply(dy, sigmoid(x))],
});

/** log(1 + exp(x)) without overflow and without a threshold. */
export function softplus(x: Tensor): Tensor {
  return x.trace.apply(softplusOp, [x]);
}

/** @internal */
export const eluOp = elementwise('elu(x, alpha)', eluWgsl, {
  kink: ([x]) => x,
  gradient: (dy, y, [, alpha]) => [eluGradient(dy, y, alpha), undefined],
});

/** @internal */
export const eluGradientOp = elementwise('eluGradient(dy, y, alpha)', eluGradientWgsl);

/**
 * x where x > 0, else alpha · (e^x - 1); alpha [1, 1] > 0 gets no gradient. An op of its own because e^x - 1, made of two
 * ops, loses all digits near 0. Source: Clevert, Unterthiner, Hochreiter, ICLR 2016, equation 16.
 */
export function elu(x: Tensor, alpha: Tensor): Tensor {
  return x.trace.apply(eluOp, [x, alpha]);
}

/** dy where the output y of elu is positive, else dy · (y + alpha), which is dy · alpha · e^x. */
export function eluGradient(dy: Tensor, y: Tensor, alpha: Tensor): Tensor {
  return y.trace.apply(eluGradientOp, [dy, y, alpha]);
}
