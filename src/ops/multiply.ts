import multiplyWgsl from '../../shaders/ops/multiply.wgsl?raw';
import { elementwise } from './elementwise.js';
import { constantOp } from './leaves.js';
import type { Tensor } from './tensor.js';

export const multiplyOp = elementwise({
  name: 'multiply',
  wgsl: multiplyWgsl,
  commutative: true,
  gradient: (dy, _y, [a, b]) => [multiply(dy, b), multiply(dy, a)],
});

const isOne = (x: Tensor) => x.op === constantOp && x.attributes.value === 1;

/** a · b element by element, broadcast; a factor that is the constant 1 is left out. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  return a.trace.apply(multiplyOp, [a, b]);
}
