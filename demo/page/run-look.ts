import type { Knobs, State } from '../contract/state.js';
import { runs as words } from '../words/words.js';
import { tidy } from './figures.js';
import type { Page } from './page.js';

/** Letters of the runs; the style sheet has a colour for each. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** Dashes of their validation lines: colour alone must not tell them apart. */
export const DASHES = [
  [7, 4],
  [4, 3],
  [10, 3, 2, 3],
  [16, 5],
] as const;

export const colourOf = (run: number) => `run-${run}`;

const rates = (dropout: readonly number[]) =>
  dropout.every((p) => p === dropout[0]) ? tidy(dropout[0] ?? 0) : dropout.map(tidy).join(', ');

export const l2Name = ({ l2 }: Knobs) => words.l2(l2 === 0 ? words.off : tidy(l2));
/** Returns a run's L2 or, beside a run of L1, its L1. */
export const penaltyName = ({ l2, l1 }: Knobs) =>
  l1 ? words.ofL1(tidy(l1)) : words.ofL2(l2 === 0 ? words.off : tidy(l2));
export const dropoutName = ({ dropout }: Knobs) =>
  words.dropout(dropout.every((p) => p === 0) ? words.off : rates(dropout));

/** Returns the turn with which a resting run has not trained yet, such as "λ 0.01 → 0.1": its picture is not of its knobs. */
export const turnOf = ({ facts, runs }: Page, run: number) =>
  facts.training?.playing ? undefined : runs[run]?.facts.turned;

/** Returns a run's knobs as its name, one on each line; the learning rate only if runs differ in it. */
export function nameOf(state: State, run: Knobs): string {
  const rate = state.runs.some(({ learningRate }) => learningRate !== run.learningRate);
  const names = [l2Name(run), dropoutName(run)];
  if (state.parts?.l1) names.push(words.ofL1(run.l1 ? tidy(run.l1) : words.off));
  if (rate) names.push(words.learningRate(tidy(run.learningRate)));
  return names.map((name) => name.replaceAll(' ', '\u00a0')).join('\u00a0· ');
}
