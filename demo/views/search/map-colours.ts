/** The scale ends at this multiple of the best value: one bad network does not make all others alike. */
const WORST = 3;

/** Colours of a map's cells. */
export interface MapColours {
  /** Share of the strongest colour of each cell, from 0 to 1. Near the best value it falls fastest: there most cells are. */
  readonly shares: readonly number[];
  /** True for cells that are as good as the best one. */
  readonly ties: readonly boolean[];
  /** The values of the shares 1, 1/2 and 0; absent if there are none. */
  readonly ends?: { readonly best: number; readonly middle: number; readonly worst: number; readonly isCut: boolean };
}

/**
 * Returns the colours of values of which lower ones are better: 1 minus the root of the distance to the best, which is that of
 * logarithms if all are positive.
 * @param limit the largest value that is as good as the best one; default: none but the best
 */
export function mapColours(values: readonly (number | undefined)[], limit?: number): MapColours {
  const isKnown = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
  const known = values.filter(isKnown);
  if (known.length === 0) return { shares: values.map(() => 0), ties: values.map(() => false) };
  const [best, most] = [Math.min(...known), Math.max(...known)];
  const isPositive = best > 0;
  const worst = isPositive ? Math.min(most, WORST * best) : most;
  const scale = (value: number) => (isPositive ? Math.log(value) : value);
  const range = scale(worst) - scale(best);
  const middle = scale(best) + range / 4;
  return {
    shares: values.map((value) => {
      if (!isKnown(value)) return 0;
      return range > 0 ? 1 - Math.sqrt(Math.min(1, (scale(value) - scale(best)) / range)) : 1;
    }),
    ties: values.map((value) => isKnown(value) && value <= Math.max(best, limit ?? best)),
    ends: { best, middle: isPositive ? Math.exp(middle) : middle, worst, isCut: worst < most },
  };
}
