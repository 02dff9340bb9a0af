import nesterovWgsl from '../../shaders/ops/nesterov.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const nesterovOp = elementwise({
  name: 'nesterov',
  wgsl: nesterovWgsl,
});

/** g + momentum · v: the direction of Nesterov's SGD from the new velocity v. Source: PyTorch, torch.optim.SGD. */
export function nesterov(g: Tensor, v: Tensor, momentum: Tensor): Tensor {
  return g.trace.apply(nesterovOp, [g, v, momentum]);
}
