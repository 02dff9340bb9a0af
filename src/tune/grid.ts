import { checkNumber, show } from '../errors/arguments.js';
import type { ConfigurationValue } from './distributions.js';
import { checkDimensionName, type Dimension, dimensionPlace } from './space.js';
import { type Proposal, type SearchState, type Strategy, startAll } from './strategy.js';

/** Points of every dimension, or by name; 6 for names that are missing. What is a `choice` has all its values always. */
export type GridPoints = number | Readonly<Record<string, number>>;

const DEFAULT_POINTS = 6;
/** As many members as the grid of a dispatch may have in z on every device: WebGPU's `maxComputeWorkgroupsPerDimension`. */
const MOST_COMBINATIONS = 65_535;
const RANGE = { min: 1, max: MOST_COMBINATIONS, integer: true };

/**
 * Grid search: every combination of some points of each dimension, evenly from end to end (in the logarithm for
 * `logUniform`), the first dimension changing slowest; all trained to the end. The search's `population` may be left out.
 * @param points in [1, 65535]; default 6
 * @throws TypeError or RangeError if a number of points is no such integer; when the search begins, if a name is not in
 * the space, `population` is not the number of combinations, or that is above 65535
 */
export function grid(points: GridPoints = DEFAULT_POINTS): Strategy {
  checkPoints('grid', points);
  return startAll('grid', { points }, (state) => gridProposals('grid', state, points));
}

/** Checks all that does not depend on the space. @throws TypeError or RangeError naming `where` */
export function checkPoints(where: string, points: GridPoints): void {
  if (typeof points !== 'object' || points === null) return void checkNumber(where, 'points', points, RANGE);
  if (Array.isArray(points)) {
    throw new TypeError(`${where}: points must be a number or an object such as { l2: 5 }, got ${show(points)}`);
  }
  for (const [name, count] of Object.entries(points)) checkNumber(where, `points.${name}`, count, RANGE);
}

/** Every combination. @throws RangeError naming `where` if points, population and space do not fit together */
export function gridProposals(where: string, state: SearchState, points: GridPoints = DEFAULT_POINTS): Proposal[] {
  const { space, population } = state;
  const axes = gridAxes(where, space.dimensions, points);
  const count = axes.reduce((product, axis) => product * axis.length, 1);
  const sizes = space.dimensions.map((dimension, i) => `${dimensionPlace(dimension)}: ${axes[i].length}`).join(', ');
  if (count > MOST_COMBINATIONS) {
    throw new RangeError(`${where}: at most ${MOST_COMBINATIONS} combinations, got ${count} (${sizes})`);
  }
  if (population !== undefined && population !== count) {
    throw new RangeError(
      `${where}: population must be the number of combinations, ${count} (${sizes}), got ${show(population)}`,
    );
  }
  return combinations(axes).map((values) => ({ config: space.configuration(values) }));
}

function gridAxes(where: string, dimensions: readonly Dimension[], points: GridPoints) {
  if (typeof points === 'number') return dimensions.map(({ distribution }) => distribution.grid(points));
  for (const name of Object.keys(points)) checkDimensionName(where, `points.${name}`, name, dimensions);
  const pointsOf = (name: string) => (Object.hasOwn(points, name) ? points[name] : DEFAULT_POINTS);
  return dimensions.map(({ name, distribution }) => distribution.grid(pointsOf(name)));
}

function combinations(axes: readonly (readonly ConfigurationValue[])[]): ConfigurationValue[][] {
  return axes.reduce<ConfigurationValue[][]>(
    (all, axis) => all.flatMap((values) => axis.map((value) => [...values, value])),
    [[]],
  );
}
