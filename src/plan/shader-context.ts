import type { Tensor } from '../ops/tensor.js';
import type { View } from './layout.js';

/** The rest of the plan, as the writer of one shader needs it. */
export interface ShaderContext {
  /** Returns the place of a tensor that is read from memory. */
  view(tensor: Tensor): View;
  /** True if its readers recompute the tensor inline. */
  inlined(tensor: Tensor): boolean;
  /** Returns the places to store a result in: its own, and those of the states it replaces. */
  stores(tensor: Tensor): readonly View[];
  /** Returns the first word of a scalar leaf in a member's part of the step table. */
  slot(scalar: Tensor): number;
  /** Returns the words of a member's part of the step table. */
  words(): number;
  /** Returns the bit that a result sets when it is not finite; undefined if it is not watched. */
  flag(tensor: Tensor): number | undefined;
  /** Returns the words of flags of one member and one slot. */
  flagWords(): number;
}
