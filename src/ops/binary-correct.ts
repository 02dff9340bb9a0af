import { elementwise, oneShape } from './elementwise.js';
import type { Tensor } from './tensor.js';

/** Whether values within `e` of `x` lie on both sides of `x > limit`. */
const undecided = (x: number, e: number, limit: number) => x - e <= limit && x + e > limit;

export const binaryCorrectOp = elementwise({
  name: 'binaryCorrect',
  shape: (inputs) => ({ ...oneShape('binaryCorrect', inputs), dtype: 'f32' }),
  value: (x) => (x[0] > 0 === x[1] > 0.5 ? 1 : 0),
  error: (x, e) => (undecided(x[0], e[0], 0) || undecided(x[1], e[1], 0.5) ? 1 : 0),
});

/** 1 where the logit z is on the target's side, (z > 0) = (t > 0.5), else 0. Not differentiable. */
export function binaryCorrect(z: Tensor, t: Tensor): Tensor {
  return z.trace.apply(binaryCorrectOp, [z, t]);
}
