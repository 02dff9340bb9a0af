import randomWgsl from '../../shaders/lib/random.wgsl?raw';
import dropoutWgsl from '../../shaders/ops/dropout.wgsl?raw';
import randomNormalWgsl from '../../shaders/ops/random-normal.wgsl?raw';
import randomUniformWgsl from '../../shaders/ops/random-uniform.wgsl?raw';
import reluDropoutGradientWgsl from '../../shaders/ops/relu-dropout-gradient.wgsl?raw';
import { elementwise, type Shape, type Tensor } from './tensor.js';

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

/** The part of an op's definition that lets its WGSL call `random_words`. */
export const RANDOM = { libraries: ['philox'], helpers: [randomWgsl], words: true } as const;

/* @__NO_SIDE_EFFECTS__ */
function drawn(name: string, wgsl: string) {
  return elementwise(`${name}()`, wgsl, {
    ...RANDOM,
    shape: (_, { rows, cols }) => ({ rows: Number(rows), cols: Number(cols), dtype: 'f32' }),
  });
}

export const randomUniformOp = drawn('randomUniform', randomUniformWgsl);

/** Numbers in [0, 1), multiples of 2^-24, [rows, cols], from the words of `random(context, name)`; the same on every device. */
export function randomUniform(source: Tensor, { rows, cols }: Shape): Tensor {
  return source.trace.apply(randomUniformOp, [source], { rows, cols });
}

export const randomNormalOp = drawn('randomNormal', randomNormalWgsl);

/**
 * Numbers of the standard normal distribution, [rows, cols], none further from 0 than 5.3, from the words of
 * `random(context, name)`: the quantile of (2k + 1) · 2^-24 for the upper 23 bits k of each word.
 */
export function randomNormal(source: Tensor, { rows, cols }: Shape): Tensor {
  return source.trace.apply(randomNormalOp, [source], { rows, cols });
}
