import type { Configuration, SearchResult, Trial } from '../../tune.js';
import type { MapAxis, MapPoint, PointMap } from '../charts/map.js';
import { metricOf, rankTrials, scoreOf, shadesOf, trialText } from './trials.js';

/** An axis, and the value that a configuration has on it. */
interface SearchAxis extends MapAxis {
  of(config: Configuration): number;
}

/**
 * Returns the map of a search over `l2` and `dropout`, or over the first two numbers that were varied where these were
 * not; undefined if none was.
 */
export function mapOf(result: SearchResult): PointMap | undefined {
  const { space, best, trials } = result;
  const [x, y] = Object.entries(space)
    .flatMap(([name, entry]) => axesOf(name, entry, trials))
    .toSorted((a, b) => preference(a) - preference(b));
  if (!x) return undefined;
  const { name, share, value, text } = metricOf(result);
  const shades = shadesOf(trials);
  const points = rankTrials(trials).map((trial): MapPoint => {
    const score = scoreOf(trial);
    return {
      x: x.of(trial.config),
      y: y ? y.of(trial.config) : 0,
      measured: shades && score !== undefined ? { value: value(score), shade: shades.place(score) } : undefined,
      mark: markOf(trial, best),
      hint: trialText(trial),
    };
  });
  const places = new Set(points.map((point) => `${point.x} ${point.y}`)).size;
  const bound = shades?.clipped ? (share ? '≤ ' : '≥ ') : '';
  return {
    name,
    share,
    x,
    y,
    onGrid: isGrid(x.values.length * (y?.values.length ?? 1), places),
    points,
    ends: shades && { worst: `${bound}${text(shades.worst)}`, best: text(shades.best) },
  };
}

function markOf(trial: Trial, best: number | null): MapPoint['mark'] {
  const { id, status } = trial;
  if (id === best) return 'best';
  if (status === 'diverged') return 'diverged';
  return status === 'dropped' && scoreOf(trial) !== undefined ? 'dropped' : undefined;
}

/** Half of the crossings or more are taken; n strewn places have n² crossings. One axis is a grid up to a screen's width. */
const isGrid = (crossings: number, places: number) => crossings < 2 * places && crossings <= MOST_CELLS;
const MOST_CELLS = 1000;

const preference = ({ name }: MapAxis) => (name === 'l2' ? 0 : name === 'dropout' ? 1 : 2);

/** Returns the axes of a part of a space, if its values are numbers that differ: one, or one for each of an array. */
function axesOf(name: string, entry: unknown, trials: readonly Trial[]): SearchAxis[] {
  if (!Array.isArray(entry)) return axisOf(name, entry, trials, (config) => config[name]);
  return entry.flatMap((one, i) =>
    axisOf(`${name}[${i}]`, one, trials, ({ [name]: values }) => (Array.isArray(values) ? values[i] : undefined)),
  );
}

function axisOf(
  name: string,
  distribution: unknown,
  trials: readonly Trial[],
  of: (config: Configuration) => unknown,
): SearchAxis[] {
  const found = trials.map(({ config }) => of(config));
  if (!found.every((value) => typeof value === 'number')) return [];
  const values = [...new Set(found)].toSorted((a, b) => a - b);
  if (values.length < 2) return [];
  const { kind, low, high } = distribution as { kind?: unknown; low?: unknown; high?: unknown };
  return [
    {
      name,
      logarithmic: kind === 'logUniform' && values[0] > 0,
      low: typeof low === 'number' ? Math.min(low, values[0]) : values[0],
      high: typeof high === 'number' ? Math.max(high, values[values.length - 1]) : values[values.length - 1],
      values,
      of: (config) => Number(of(config)),
    },
  ];
}
