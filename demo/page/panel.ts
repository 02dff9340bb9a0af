import type { View, ViewFacts } from '../contract/protocol.js';

export const TABS = ['answer', 'weights', 'mask', 'uncertainty', 'mistakes', 'search', 'check'] as const;
export type TabName = (typeof TABS)[number];

/** What is inside a tab. */
export interface Panel {
  /** What the worker should look at for it. */
  view(): View;
  /** Draws what the worker saw. */
  show(facts: ViewFacts): void;
  /** Shows what there is to do where there is nothing to see yet. Says whether there is. */
  prepare?(): boolean;
}
