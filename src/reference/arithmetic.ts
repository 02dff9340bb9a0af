import type { ElementwiseReference } from '../ops/tensor.js';
import { any, divisor } from './draws.js';
import { productError, quotientError, rounded } from './rounding.js';

const add: ElementwiseReference = {
  draw: [any, any],
  value: (x) => x[0] + x[1],
  error: (_x, e, y) => rounded(y, e[0] + e[1]),
};

const subtract: ElementwiseReference = { ...add, value: (x) => x[0] - x[1] };

const multiply: ElementwiseReference = {
  draw: [any, any],
  value: (x) => x[0] * x[1],
  error: (x, e, y) => rounded(y, productError(x[0], e[0], x[1], e[1])),
};

const divide: ElementwiseReference = {
  draw: [any, divisor],
  value: (x) => x[0] / x[1],
  error: (x, e, y) => quotientError(x[0], e[0], x[1] - e[1], x[1] + e[1], y),
};

const negate: ElementwiseReference = { draw: [any], value: (x) => -x[0], error: (_x, e) => e[0] };

const expand: ElementwiseReference = { draw: [any], value: (x) => x[0], error: (_x, e) => e[0] };

export const arithmetic = { add, subtract, multiply, bias: add, divide, negate, expand };
