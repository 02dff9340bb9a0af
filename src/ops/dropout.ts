import { maskWord } from '../random/source.js';
import { elementwise } from './elementwise.js';
import { floatFromBits } from './float-bits.js';
import { rounded } from './rounding.js';
import type { Tensor } from './tensor.js';

/** The scale of kept values, f32(1 / (1 - p)), from the words of a source. */
function keepScale(words: ArrayLike<number>): number {
  return floatFromBits(words[6]);
}

export const dropoutOp = elementwise({
  name: 'dropout',
  words: true,
  value: (x, at) => (maskWord(at.words, at.row, at.col, at.cols) < at.words[5] ? 0 : x[0] * keepScale(at.words)),
  error: (_x, e, y, at) =>
    y === 0 && maskWord(at.words, at.row, at.col, at.cols) < at.words[5] ? 0 : rounded(y, e[0] * keepScale(at.words)),
  gradient: (dy, _y, [, source]) => [dropout(dy, source), undefined],
});

export const gateOp = elementwise({
  name: 'gate',
  words: true,
  value: (x, at) => (x[1] > 0 ? x[0] * keepScale(at.words) : 0),
  error: (x, e, y, at) => {
    if (x[1] + e[1] <= 0) return 0;
    const kept = rounded(x[0] * keepScale(at.words), e[0] * keepScale(at.words));
    return x[1] - e[1] > 0 ? kept : Math.abs(y - x[0] * keepScale(at.words)) + Math.abs(y) + kept;
  },
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
export function gate(dy: Tensor, y: Tensor, source: Tensor): Tensor {
  return y.trace.apply(gateOp, [dy, y, source]);
}
