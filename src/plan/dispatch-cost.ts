import { constantOp, scalarOp } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import type { Dispatch } from './plan.js';

/** The work of a dispatch for one member. */
export interface DispatchCost {
  /** Floating-point operations of the kernel; its riders are not counted. */
  readonly flops: number;
  /** Bytes of the tensors that it reads and stores, each counted once, without pads. */
  readonly bytes: number;
}

/** Returns the least that a dispatch has to compute and to move. */
export function dispatchCost({ kernel, dimensions, reads, writes }: Dispatch): DispatchCost {
  const { e, m } = dimensions;
  const bytesOf = ({ op, rows, cols, dtype }: Tensor) => {
    if (op === scalarOp || op === constantOp) return 0;
    // A gather reads only the batch's rows of a data set (letter e).
    return (rows === e ? m : rows) * cols * (dtype === 'u8' ? 1 : 4);
  };
  const bytes = [...reads, ...writes].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
  return { flops: kernel.flops(dimensions), bytes };
}
