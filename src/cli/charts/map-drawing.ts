import type { SearchMetric } from '../tune/search-metric.js';
import type { ScoreShades } from './score-shades.js';
import type { SearchMap } from './search-map.js';

/** Where the plot of a map lies in its picture; above it the legend, below it the names of x. */
export const FRAME = { width: 480, left: 64, right: 18, top: 66, bottom: 48 } as const;

/** Of a dot. */
export const RADIUS = 7;
/** Of the dot of what was dropped. */
export const DROPPED_RADIUS = 4;

/** What all parts of a map are drawn with. */
export interface MapDrawing {
  readonly map: SearchMap;
  readonly metric: SearchMetric;
  /** Missing where nothing has been measured. */
  readonly shades: ScoreShades | undefined;
  readonly best: number | null;
  /** Of the plot. */
  readonly height: number;
}

/** A colour of red, green and blue in [0, 255] as CSS has it. */
export const hex = (color: readonly number[]) =>
  `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
