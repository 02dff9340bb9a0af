import { floatFromBits } from '../ops/leaves.js';
import type { ElementwiseReference } from '../ops/tensor.js';
import { quantile } from '../random/normal.js';
import { maskWord } from '../random/source.js';
import { any, gradient } from './draws.js';
import { rounded, ULP } from './rounding.js';

/** The scale of kept values, f32(1 / (1 - p)), from the words of a source. */
function keepScale(words: ArrayLike<number>): number {
  return floatFromBits(words[6]);
}

const dropout: ElementwiseReference = {
  draw: [any],
  words: 'source',
  value: (x, at) => (maskWord(at.words, at.row, at.col, at.cols) < at.words[5] ? 0 : x[0] * keepScale(at.words)),
  error: (_x, e, y, at) =>
    y === 0 && maskWord(at.words, at.row, at.col, at.cols) < at.words[5] ? 0 : rounded(y, e[0] * keepScale(at.words)),
};

const reluDropoutGradient: ElementwiseReference = {
  draw: [gradient, any],
  words: 'source',
  value: (x, at) => (x[1] > 0 ? x[0] * keepScale(at.words) : 0),
  error: (x, e, y, at) => {
    if (x[1] + e[1] <= 0) return 0;
    const kept = rounded(x[0] * keepScale(at.words), e[0] * keepScale(at.words));
    return x[1] - e[1] > 0 ? kept : Math.abs(y - x[0] * keepScale(at.words)) + Math.abs(y) + kept;
  },
};

const randomUniform: ElementwiseReference = {
  draw: [],
  words: 'source',
  value: (_x, at) => (maskWord(at.words, at.row, at.col, at.cols) >>> 8) * 2 ** -24,
  error: () => 0,
};

const randomNormal: ElementwiseReference = {
  draw: [],
  words: 'source',
  value: (_x, at) => quantile((2 * (maskWord(at.words, at.row, at.col, at.cols) >>> 9) + 1) * 2 ** -24),
  // In units in the last place, up to w = 5: the polynomial 1.1 off, 2.5 for its terms, 2.5 for the factors x and √2, and for
  // an error of w, of 5 for small w to 16 at 5, a share p' / p of it, 1.7; of w - 2.5, 0.7. Beyond: √w has 5, and half the
  // relative error of w, and q' / q makes 7.1 of them; the other terms as before.
  error: (_x, _e, y) => (Math.abs(y) < 2.9 ? 9 : 14) * ULP * Math.abs(y),
};

export const random = { dropout, reluDropoutGradient, randomUniform, randomNormal };
