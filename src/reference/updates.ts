import type { ElementwiseReference } from '../ops/tensor.js';
import { any, fraction, gradient, square } from './draws.js';
import { quotientError, rootError, rounded, roundedProduct, ULP } from './rounding.js';

const velocity: ElementwiseReference = {
  draw: [any, gradient, fraction],
  value: (x) => x[2] * x[0] + x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + e[1]),
};

const average: ElementwiseReference = {
  draw: [any, gradient, fraction, fraction],
  value: (x) => x[2] * x[0] + x[3] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], x[1], e[1])),
};

const averageSquare: ElementwiseReference = {
  draw: [square, gradient, fraction, fraction],
  value: (x) => x[2] * x[0] + x[3] * (x[1] * x[1]),
  error(x, e, y) {
    const square = x[1] * x[1];
    const squareError = roundedProduct(x[1], e[1], x[1], e[1]);
    return rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], square, squareError));
  },
};

const adamDirection: ElementwiseReference = {
  draw: [gradient, square, (r) => r.uniform(4, 32), (r) => r.pick([1e-8, 1e-6, 1e-3])],
  value: (x) => x[0] / (Math.sqrt(x[1]) * x[2] + x[3]),
  error(x, e, y) {
    const root = Math.sqrt(x[1]);
    const scaledError = roundedProduct(root, rootError(x[1], e[1], root), x[2], e[2]);
    const divisor = root * x[2] + x[3];
    const divisorError = rounded(divisor, scaledError + e[3]);
    // √v · rootCorrection is not negative, so however wrong it is, the divisor does not fall below epsilon.
    const floor = x[2] >= e[2] ? (x[3] - e[3]) * (1 - ULP) : -Infinity;
    const least = Math.max(divisor - divisorError, floor);
    return quotientError(x[0], e[0], least, divisor + divisorError, y);
  },
};

const descend: ElementwiseReference = {
  draw: [any, gradient, (r) => r.pick([0.1, 1e-3, 1])],
  value: (x) => x[0] - x[2] * x[1],
  error: (x, e, y) => rounded(y, e[0] + roundedProduct(x[2], e[2], x[1], e[1])),
};

export const updates = { velocity, average, averageSquare, adamDirection, descend };
