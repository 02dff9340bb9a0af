import type { Tensor } from '../ops/tensor.js';
import type { View } from './layout.js';

/** What the writer of a shader must know beside the group it writes. */
export interface ShaderContext {
  /** Where a tensor lies that is read from memory. */
  view(tensor: Tensor): View;
  /** Whether a tensor is drawn in by its readers instead of being stored. */
  inlined(tensor: Tensor): boolean;
  /** Where a result must be stored: its own place, and the places of the states it replaces. */
  stores(tensor: Tensor): readonly View[];
  /** First word of a scalar leaf in a member's part of the step table. */
  slot(scalar: Tensor): number;
  /** Words of a member's part of the step table. */
  words(): number;
  /** The bit that a result sets when it is not finite, if it is watched. */
  flag(tensor: Tensor): number | undefined;
  /** Words of flags of one member and one slot. */
  flagWords(): number;
}
