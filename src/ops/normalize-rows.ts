import normalizeRowsWgsl from '../../shaders/kernels/normalize-rows.wgsl?raw';
import normalizeRowsGradientWgsl from '../../shaders/kernels/normalize-rows-gradient.wgsl?raw';
import type { Dimensions, Operand, OwnKernel } from './own-kernel.js';
import { oneShape, type StructuralOp, type Tensor } from './tensor.js';

const rows: Operand = { dims: 'mn', access: 'rows' };
const epsilon: Operand = { dims: '11', access: 'value' };
const grid = ({ m }: Dimensions) => [1, m] as const;

const forward: OwnKernel = {
  name: 'normalize-rows',
  wgsl: normalizeRowsWgsl,
  inputs: { x: rows, epsilon },
  y: 'mn',
  tree: { lanes: 64, type: 'f32' },
  libraries: ['inside'],
  grid,
  flops: ({ m, n }) => 6 * m * n,
};

const backward: OwnKernel = {
  name: 'normalize-rows-gradient',
  wgsl: normalizeRowsGradientWgsl,
  inputs: { dy: rows, x: rows, epsilon },
  y: 'mn',
  tree: { lanes: 64, type: 'vec2f' },
  libraries: ['inside'],
  grid,
  flops: ({ m, n }) => 12 * m * n,
};

export const normalizeRowsOp: StructuralOp = {
  name: 'normalizeRows',
  kind: 'structural',
  shape: ([x]) => ({ rows: x.rows, cols: x.cols, dtype: 'f32' }),
  gradient: (dy, _y, [x, epsilon]) => [dy.trace.apply(normalizeRowsGradientOp, [dy, x, epsilon]), undefined],
  kernels: [forward],
};

export const normalizeRowsGradientOp: StructuralOp = {
  name: 'normalizeRowsGradient',
  kind: 'structural',
  shape: ([dy, x]) => ({ ...oneShape('normalizeRowsGradient', [dy, x]), dtype: 'f32' }),
  kernels: [backward],
};

/**
 * (x - mean) / √(variance + epsilon) of each row: x [m, n], epsilon [1, 1] -> [m, n]. An op of its own, so that a row is read in
 * one dispatch, forward and backward; epsilon gets no gradient. Source: Ba, Kiros, Hinton, arXiv 1607.06450, equation 4.
 */
export function normalizeRows(x: Tensor, epsilon: Tensor): Tensor {
  return x.trace.apply(normalizeRowsOp, [x, epsilon]);
}
