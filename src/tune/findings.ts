import { comparable } from './gaussian-process.js';
import { fitGaussianProcess } from './gaussian-regression.js';
import { choicesOf, observed, placeOf, placesOf } from './places.js';
import type { SearchResult } from './search-result.js';
import { SOBOL_DIMENSIONS, sobolPoints } from './sobol.js';
import { checkSpace, dimensionPlace, spaceFromJson } from './space.js';
import { stateRandom } from './strategy.js';

/** The share of a range, at either end, in which a best value counts as lying at that end. */
const EDGE = 0.02;

/** An end of a range at which the best trial of a search lies. */
export interface Edge {
  /** The name in the space, such as `l2` or `dropout[1]`. */
  readonly name: string;
  readonly end: 'low' | 'high';
  /** The end. */
  readonly bound: number;
}

/**
 * Returns the ranges of a search's space at whose ends its best trial lies, within 2 %: a better value may lie beyond. A low end
 * of 0 is none, nor is a choice.
 */
export function edgesOf({ space, bestConfig }: Pick<SearchResult, 'space' | 'bestConfig'>): Edge[] {
  if (!bestConfig) return [];
  const checked = checkedSpace(space);
  const values = checked.values(bestConfig);
  return checked.dimensions.flatMap((dimension, i): Edge[] => {
    const { distribution } = dimension;
    if (choicesOf(distribution)) return [];
    const { low, high } = distribution.options;
    const place = placeOf(distribution, values[i]);
    const name = dimensionPlace(dimension);
    if ((values[i] === low || place <= EDGE) && low !== 0) return [{ name, end: 'low', bound: Number(low) }];
    return values[i] === high || place >= 1 - EDGE ? [{ name, end: 'high', bound: Number(high) }] : [];
  });
}

/** Points of a dimension, and of the others at each of them, over which a mean is taken. */
const POINTS = 16;
const OTHERS = 64;
/** Trials that the process is fitted to: more would take seconds. */
const MOST_TRIALS = 128;
/** The least share of the scores' variance that the process must explain: what is below is rounding. */
const LEAST_EXPLAINED = 1e-6;

/**
 * Returns how much each dimension of a search matters by itself: the share of the variance of the score, over the whole space,
 * that its values explain while the others vary, by name, in [0, 1]. What is missing from 1 is their playing together. It
 * is that of a Gaussian process fitted to the trials that were trained to the end, stopped early or diverged, 128 of them at
 * most; undefined where those are fewer than two more than there are dimensions, all alike, or nothing but noise.
 * Source: the main effects of Sobol, "Global sensitivity indices for nonlinear mathematical models" (2001); as functional
 * ANOVA by Hutter, Hoos, Leyton-Brown (2014), who fit a forest.
 */
export function importanceOf({
  space,
  trials,
}: Pick<SearchResult, 'space' | 'trials'>): Record<string, number> | undefined {
  const checked = checkedSpace(space);
  const { dimensions } = checked;
  const ended = trials.filter(({ status }) => status !== 'running' && status !== 'dropped');
  const every = Math.ceil(ended.length / MOST_TRIALS);
  const told = observed(
    checked,
    ended.filter((_, i) => i % every === 0),
  );
  const scores = comparable(told.map(({ score }) => score));
  if (told.length < dimensions.length + 2 || new Set(scores).size < 2) return undefined;
  const isChoice = dimensions.map(({ distribution }) => choicesOf(distribution) !== undefined);
  const process = fitGaussianProcess(
    told.map(({ places }) => places),
    scores,
    isChoice,
  );
  const meanAt = (point: readonly number[]) => {
    const values = dimensions.map(({ distribution }, i) => distribution.at(point[i]));
    return process.at(placesOf(checked, checked.configuration(values))).mean;
  };
  const others = pointsOf(dimensions.length);
  const all = varianceOf(others.map(meanAt));
  if (!(all > LEAST_EXPLAINED * varianceOf(scores))) return undefined;
  return Object.fromEntries(
    dimensions.map((dimension, i) => {
      const count = choicesOf(dimension.distribution)?.length ?? POINTS;
      const means = Array.from({ length: count }, (_, k) => {
        const u = (k + 0.5) / count;
        return others.reduce((sum, point) => sum + meanAt(point.with(i, u)), 0) / others.length;
      });
      return [dimensionPlace(dimension), Math.min(1, varianceOf(means) / all)];
    }),
  );
}

/** Returns points all over a unit cube, the same ones each time. */
function pointsOf(dimensions: number): number[][] {
  if (dimensions <= SOBOL_DIMENSIONS) {
    return sobolPoints('importanceOf', dimensions, OTHERS).map((point) => point.map((u) => u + 0.5 / OTHERS));
  }
  const random = stateRandom([0, 0], 0);
  return Array.from({ length: OTHERS }, () => Array.from({ length: dimensions }, random));
}

const checkedSpace = (json: SearchResult['space']) => checkSpace('search', spaceFromJson(json));

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
