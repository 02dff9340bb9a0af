import type { View } from '../../contract/protocol.js';
import type { ViewFacts } from '../../contract/view-facts.js';

export const TABS = ['answer', 'weights', 'mask', 'uncertainty', 'mistakes', 'search', 'check'] as const;
export type TabName = (typeof TABS)[number];

/** The content of a tab. */
export interface Panel {
  /** Returns the view that it needs from the worker. */
  view(): View;
  /** Draws the facts of this view. */
  show(facts: ViewFacts): void;
  /** Shows instructions if there is nothing to see yet. Returns true if it did. */
  prepare?(): boolean;
}
