import { EngineError } from '../../errors/engine-error.js';
import type { Engine } from '../../index.js';
import {
  type RepeatedTrial,
  type RepeatedWinners,
  repeatWinners,
  type SearchModel,
  type SearchOptions,
  type SearchResult,
} from '../../tune.js';
import type { Fact } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { trialName, variedNames } from './trials.js';

/** The number of trials that are trained again. */
const WINNERS = 3;

/** Trains the best of a search again from so many seeds; returns undefined if it is stopped. */
export async function repeatBest(
  engine: Engine,
  { model, options }: { readonly model: SearchModel; readonly options: SearchOptions },
  result: SearchResult,
  seeds: number,
  terminal: Terminal,
): Promise<RepeatedWinners | undefined> {
  terminal.write(`Training the best again from ${count(seeds)} other seeds.\n`);
  try {
    return await repeatWinners(engine, model, options, result, { winners: WINNERS, seeds });
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'aborted') return undefined;
    throw error;
  }
}

/** Returns the spread of the best over seeds as facts, and which of them it speaks for. */
export function repeatedLines(
  { repeated, best, oneStandardError }: RepeatedWinners,
  result: Pick<SearchResult, 'trials' | 'metric' | 'best'>,
): Fact[] {
  const names = variedNames(result);
  const nameOf = (id: number) => trialName(result.trials[id], names);
  const facts = repeated.map((each): Fact => ['Other seeds', `${nameOf(each.trial)}: ${scoresText(each, result)}`]);
  if (best !== null && best !== result.best) facts.push(['On average', `${nameOf(best)} is the best`]);
  if (oneStandardError !== null && oneStandardError !== best) {
    facts.push(['Simpler', `${nameOf(oneStandardError)}; the largest λ within one standard error of the best mean`]);
  }
  return facts;
}

function scoresText({ scores, mean, deviation }: RepeatedTrial, { metric }: Pick<SearchResult, 'metric'>): string {
  if (mean === null) return 'diverged from every seed';
  const isAccuracy = metric === 'accuracy';
  const text = (score: number) => (isAccuracy ? percent(1 - score) : short(score));
  const spread = deviation === null ? '' : ` ± ${isAccuracy ? percent(deviation) : short(deviation)}`;
  const [low, high] = [Math.min(...scores), Math.max(...scores)].sort((a, b) => (isAccuracy ? b - a : a - b));
  return `validation ${metric} ${text(mean)}${spread}, ${text(low)} to ${text(high)} from ${count(scores.length)} seeds`;
}
