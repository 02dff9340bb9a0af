import velocityWgsl from '../../shaders/ops/velocity.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const velocityOp = elementwise({
  name: 'velocity',
  wgsl: velocityWgsl,
});

/** momentum · v + g: the velocity of SGD with momentum. Source: PyTorch, torch.optim.SGD (dampening 0). */
export function velocity(v: Tensor, g: Tensor, momentum: Tensor): Tensor {
  return v.trace.apply(velocityOp, [v, g, momentum]);
}
