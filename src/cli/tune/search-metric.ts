import type { SearchResult } from '../../tune.js';
import { percent, short } from '../terminal/numbers.js';

/** What a search compares, for a person. */
export interface SearchMetric {
  readonly name: string;
  /** A share: more is better, and it is shown in percent. */
  readonly share: boolean;
  /** The number shown for a score. */
  value(score: number): number;
  /** The same as text, with its unit. */
  text(score: number): string;
}

const ACCURACY: SearchMetric = {
  name: 'validation accuracy',
  share: true,
  value: (score) => 1 - score,
  text: (score) => percent(1 - score),
};

/** Returns what a search compares. */
export function metricOf({ metric }: SearchResult): SearchMetric {
  if (metric === 'accuracy') return ACCURACY;
  return {
    name: metric === 'loss' ? 'validation loss' : 'score',
    share: false,
    value: (score) => score,
    text: short,
  };
}
