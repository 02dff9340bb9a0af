import type { ElementwiseReference } from '../ops/tensor.js';
import { any, exponent, positive, square } from './draws.js';
import { expUlps, rootError, rounded, saturated, spread, TINY, UNKNOWN } from './rounding.js';

const squareRoot: ElementwiseReference = {
  draw: [square],
  value: (x) => Math.sqrt(x[0]),
  error: (x, e, y) => (x[0] < e[0] || x[0] < 0 ? UNKNOWN : saturated(y, rootError(x[0], e[0], y))),
};

const exponential: ElementwiseReference = {
  draw: [exponent],
  value: (x) => Math.exp(x[0]),
  error: (x, e, y) => rounded(y, spread(Math.exp, x[0], e[0], y), expUlps(Math.abs(x[0]) + e[0])),
};

/** WGSL's log: 3 units in the last place, and from 0.5 to 2 an error of this. */
export const LOG_NEAR_1 = 2 ** -21;

const logarithm: ElementwiseReference = {
  draw: [positive],
  value: (x) => Math.log(x[0]),
  error(x, e, y) {
    const [least, most] = [x[0] - e[0], x[0] + e[0]];
    if (!(least >= TINY)) return UNKNOWN; // the GPU may take it for 0
    const reach = spread(Math.log, x[0], e[0], y);
    return Math.max(rounded(y, reach, 3), least <= 2 && most >= 0.5 ? reach + LOG_NEAR_1 : 0);
  },
};

const absolute: ElementwiseReference = { draw: [any], value: (x) => Math.abs(x[0]), error: (_x, e) => e[0] };

/** The sign of x if the GPU may flush a subnormal one to 0. */
const surely = (x: number) => (Math.abs(x) < TINY ? 0 : Math.sign(x));

const signOf: ElementwiseReference = {
  draw: [any],
  value: (x) => Math.sign(x[0]),
  error(x, e, y) {
    if (e[0] === UNKNOWN) return UNKNOWN; // a NaN stays one
    return Math.max(y - surely(x[0] - e[0]), surely(x[0] + e[0]) - y, Math.abs(y - surely(x[0])));
  },
};

export const elementary = { squareRoot, exponential, logarithm, absolute, signOf };
