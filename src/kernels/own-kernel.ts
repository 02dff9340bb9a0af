import type { OwnKernel } from '../ops/own-kernel.js';
import type { StructuralOp } from '../ops/tensor.js';
import type { Kernel } from './kernel.js';

const made = new WeakMap<StructuralOp, readonly Kernel[]>();

/** Returns the kernels that an op brings, the same ones each time. */
export function ownKernels(op: StructuralOp): readonly Kernel[] {
  const known = made.get(op) ?? (op.kernels ?? []).map((kernel) => kernelOf(op, kernel));
  made.set(op, known);
  return known;
}

function kernelOf(op: StructuralOp, own: OwnKernel): Kernel {
  const { name, wgsl: text, inputs, y, tree, libraries = [], constants = {}, grid, flops } = own;
  return {
    name,
    inputs,
    outputs: { y },
    computes(given) {
      const operands = Object.keys(inputs).map((each) => given[each]);
      return { y: operands[0].trace.apply(op, operands) };
    },
    variants: [
      {
        name: 'direct',
        shader: name,
        texts: { [name]: text },
        libraries,
        ...(tree && { tree }),
        constants: () => constants,
        grid,
      },
    ],
    flops,
  };
}
