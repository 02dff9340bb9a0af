/** The scale ends at this multiple of the best value: one bad network does not make all others alike. */
const WORST = 3;

/** Colours of a map's cells. */
export interface MapColours {
  /** Share of the strongest colour of each cell, from 0 to 1; it depends on the value, not on the rank. */
  readonly shares: readonly number[];
  /** True for cells that are as good as the best one. */
  readonly ties: readonly boolean[];
  /** Values at the two ends of the scale; absent if there are none. */
  readonly ends?: readonly [best: number, worst: number];
}

/**
 * Returns the colours of values of which lower ones are better; on a logarithmic scale if all are positive.
 * @param limit the largest value that is as good as the best one; default: none but the best
 */
export function mapColours(values: readonly (number | undefined)[], limit?: number): MapColours {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (known.length === 0) return { shares: values.map(() => 0), ties: values.map(() => false) };
  const best = Math.min(...known);
  const isPositive = best > 0;
  const most = Math.max(...known);
  const worst = isPositive ? Math.min(most, WORST * best) : most;
  const scale = (value: number) => (isPositive ? Math.log(value) : value);
  const range = scale(worst) - scale(best);
  const isKnown = (value: number | undefined) => value !== undefined && Number.isFinite(value);
  return {
    shares: values.map((value) => {
      if (value === undefined || !isKnown(value)) return 0;
      return range > 0 ? Math.max(0, (scale(worst) - scale(value)) / range) : 1;
    }),
    ties: values.map((value) => value !== undefined && isKnown(value) && value <= Math.max(best, limit ?? best)),
    ends: [best, worst],
  };
}
