import geluWgsl from '../../shaders/ops/gelu.wgsl?raw';
import geluGradientWgsl from '../../shaders/ops/gelu-gradient.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const geluOp = elementwise({
  name: 'gelu',
  wgsl: geluWgsl,
  gradient: (dy, _y, [x]) => [geluGradient(dy, x)],
});

export const geluGradientOp = elementwise({
  name: 'geluGradient',
  wgsl: geluGradientWgsl,
});

/** x · Φ(x), Φ the standard normal distribution function. Source: Hendrycks and Gimpel, arXiv 1606.08415 (exact form). */
export function gelu(x: Tensor): Tensor {
  return x.trace.apply(geluOp, [x]);
}

/** dy · (Φ(x) + x · φ(x)), φ the standard normal density. */
export function geluGradient(dy: Tensor, x: Tensor): Tensor {
  return x.trace.apply(geluGradientOp, [dy, x]);
}
