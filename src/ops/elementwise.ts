import type { Attributes, ElementwiseOp } from './tensor.js';
import { type Shape, shapeOf, type Tensor } from './tensor.js';

/** Returns the common shape of tensors that broadcast along dimensions of 1. @throws Error naming the op and the shapes. */
export function broadcast(name: string, inputs: readonly Tensor[]): Shape {
  let rows = 1;
  let cols = 1;
  for (const input of inputs) {
    rows = Math.max(rows, input.rows);
    cols = Math.max(cols, input.cols);
  }
  for (const input of inputs) {
    if ((input.rows !== rows && input.rows !== 1) || (input.cols !== cols && input.cols !== 1)) {
      throw new Error(`${name}: ${inputs.map(shapeOf).join(' and ')} do not broadcast`);
    }
  }
  return { rows, cols };
}

/** Returns the shape of tensors that must not broadcast. @throws Error naming the op and the shapes. */
export function oneShape(name: string, [first, ...others]: readonly Tensor[]): Shape {
  if (others.some(({ rows, cols }) => rows !== first.rows || cols !== first.cols)) {
    throw new Error(`${name}: ${[first, ...others].map(shapeOf).join(' and ')} must have one shape`);
  }
  return { rows: first.rows, cols: first.cols };
}

type Definition = Omit<ElementwiseOp, 'kind' | 'shape'> & Partial<Pick<ElementwiseOp, 'shape'>>;

/**
 * Returns the elementwise f32 op of a definition. Without a shape rule of its own, the result has the broadcast shape of
 * all inputs except the words.
 */
/* @__NO_SIDE_EFFECTS__ */
export function elementwise(definition: Definition): ElementwiseOp {
  return {
    shape(inputs: readonly Tensor[], _attributes: Attributes) {
      const values = definition.words ? inputs.slice(0, -1) : inputs;
      return { ...broadcast(definition.name, values), dtype: 'f32' };
    },
    ...definition,
    kind: 'elementwise',
  };
}
