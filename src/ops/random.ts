import dropoutWgsl from '../../shaders/ops/dropout.wgsl?raw';
import reluDropoutGradientWgsl from '../../shaders/ops/relu-dropout-gradient.wgsl?raw';
import { elementwise, type Tensor } from './tensor.js';

export const dropoutOp = elementwise('dropout(x)', dropoutWgsl, {
  libraries: ['philox'],
  words: true,
  gradient: (dy, _y, [, source]) => [dropout(dy, source), undefined],
});

export const reluDropoutGradientOp = elementwise('reluDropoutGradient(dy, y)', reluDropoutGradientWgsl, {
  words: true,
});

/**
 * Inverted dropout: elements whose random word is below the source's threshold become 0, the others are scaled by
 * f32(1 / (1 - p)). `source` is a leaf of `SOURCE_WORDS` words. Linear in x, so it is its own gradient.
 * Source: Srivastava et al., JMLR 15 (2014), section 10 (the inverted form).
 */
export function dropout(x: Tensor, source: Tensor): Tensor {
  return x.trace.apply(dropoutOp, [x, source]);
}

/** dy · scale where y > 0, else 0: the gradient of dropout(relu(z)) from its own output, without drawing the mask again. */
export function reluDropoutGradient(dy: Tensor, y: Tensor, source: Tensor): Tensor {
  return y.trace.apply(reluDropoutGradientOp, [dy, y, source]);
}
