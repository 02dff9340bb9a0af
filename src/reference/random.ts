import { floatFromBits } from '../ops/leaves.js';
import type { ElementwiseReference } from '../ops/tensor.js';
import { maskWord } from '../random/source.js';
import { any, gradient } from './draws.js';
import { quantile } from './normal.js';
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
  // Relative: 1 unit in the last place by which the polynomials are off (measured in test/ops/random.test.ts), 7 for their
  // last terms and products. Below |z| = 2.63 an error of 2^-21 + 2^-22 in w moves p by 1/6 of it, of p >= 1.25; above, 12
  // units of √w, of p >= 2.2 and a slope of 1, are 11.
  error: (_x, _e, y) => Math.abs(y) * (Math.abs(y) < 2.6 ? 8 * ULP + 2 ** -23 : 20 * ULP),
};

export const random = { dropout, reluDropoutGradient, randomUniform, randomNormal };
