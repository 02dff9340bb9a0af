import addWgsl from '../../shaders/ops/add.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const addOp = elementwise({
  name: 'add',
  wgsl: addWgsl,
  commutative: true,
  gradient: (dy) => [dy, dy],
});

/** a + b, broadcast. */
export function add(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(addOp, [a, b]);
}
