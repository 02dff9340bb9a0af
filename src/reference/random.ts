import { floatFromBits } from '../ops/leaves.js';
import type { ElementwiseReference } from '../ops/tensor.js';
import { maskWord } from '../random/source.js';
import { any, gradient } from './draws.js';
import { rounded } from './rounding.js';

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

export const random = { dropout, reluDropoutGradient };
