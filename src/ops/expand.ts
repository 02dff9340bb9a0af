import expandWgsl from '../../shaders/ops/expand.wgsl?raw';
import { elementwise } from './elementwise.js';
import { type Shape, shapeOf, type Tensor } from './tensor.js';

export const expandOp = elementwise({
  name: 'expand',
  wgsl: expandWgsl,
  shape([x], attributes) {
    const rows = Number(attributes.rows);
    const cols = Number(attributes.cols);
    if ((x.rows !== rows && x.rows !== 1) || (x.cols !== cols && x.cols !== 1)) {
      throw new Error(`expand: ${shapeOf(x)} does not broadcast to ${shapeOf({ rows, cols })}`);
    }
    return { rows, cols, dtype: 'f32' };
  },
  gradient: (dy) => [dy],
});

/** x repeated along its dimensions of 1 until it has `shape`; x itself if it has it already. */
export function expand(x: Tensor, { rows, cols }: Shape): Tensor {
  if (x.rows === rows && x.cols === cols) return x;
  return x.trace.apply(expandOp, [x], { rows, cols });
}
