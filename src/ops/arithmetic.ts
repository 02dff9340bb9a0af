import addWgsl from '../../shaders/ops/add.wgsl?raw';
import biasWgsl from '../../shaders/ops/bias.wgsl?raw';
import divideWgsl from '../../shaders/ops/divide.wgsl?raw';
import expandWgsl from '../../shaders/ops/expand.wgsl?raw';
import multiplyWgsl from '../../shaders/ops/multiply.wgsl?raw';
import negateWgsl from '../../shaders/ops/negate.wgsl?raw';
import subtractWgsl from '../../shaders/ops/subtract.wgsl?raw';
import { constant, constantOp } from './leaves.js';
import { elementwise, type Shape, shapeOf, type Tensor } from './tensor.js';

export const addOp = elementwise('add(a, b)', addWgsl, { commutative: true, gradient: (dy) => [dy, dy] });

/** a + b, broadcast. */
export function add(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(addOp, [a, b]);
}

export const subtractOp = elementwise('subtract(a, b)', subtractWgsl, {
  gradient: (dy) => [dy, multiply(dy, constant(dy.trace, -1))],
});

/** a - b, broadcast. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(subtractOp, [a, b]);
}

export const multiplyOp = elementwise('multiply(a, b)', multiplyWgsl, {
  commutative: true,
  gradient: (dy, _y, [a, b]) => [multiply(dy, b), multiply(dy, a)],
});

const isOne = (x: Tensor) => x.op === constantOp && x.attributes.value === 1;

/** a · b element by element, broadcast; a factor that is the constant 1 is left out. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  if (isOne(a)) return b;
  if (isOne(b)) return a;
  return a.trace.apply(multiplyOp, [a, b]);
}

export const divideOp = elementwise('divide(a, b)', divideWgsl, {
  gradient(dy, y, [, b]) {
    const da = divide(dy, b);
    return [da, negate(multiply(da, y))];
  },
});

/** a / b, broadcast. WGSL leaves the result open where |b| is above 2^126 or below 2^-126. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(divideOp, [a, b]);
}

export const negateOp = elementwise('negate(x)', negateWgsl, { gradient: (dy) => [negate(dy)] });

/** -x. */
export function negate(x: Tensor): Tensor {
  return x.trace.apply(negateOp, [x]);
}

export const expandOp = elementwise('expand(x)', expandWgsl, {
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

export const biasOp = elementwise('bias(x, b)', biasWgsl, {
  shape([x, b]) {
    if (b.rows !== 1 || b.cols !== x.cols) {
      throw new Error(`bias: x ${shapeOf(x)} needs a bias of [1, ${x.cols}], got ${shapeOf(b)}`);
    }
    return { rows: x.rows, cols: x.cols, dtype: 'f32' };
  },
  gradient: (dy) => [dy, dy],
});

/** x + b with the same b [1, n] for every row of x [m, n]. An op beside `add`, so that plans show where a dense layer adds its bias. */
export function bias(x: Tensor, b: Tensor): Tensor {
  return x.trace.apply(biasOp, [x, b]);
}
