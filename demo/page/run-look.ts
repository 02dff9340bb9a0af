import type { Knobs, State } from '../contract/state.js';
import { tidy } from './figures.js';

/** Letters of the runs; the style sheet has a colour for each. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** Dashes of their validation lines: colour alone must not tell them apart. */
export const DASHES = [
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
] as const;

export const colourOf = (run: number) => `run-${run}`;

const rates = (dropout: readonly number[]) =>
  dropout.every((p) => p === dropout[0]) ? tidy(dropout[0] ?? 0) : dropout.map(tidy).join(', ');

/** Returns a run's knobs as its name, one on each line; the learning rate only if runs differ in it. */
export function nameOf(state: State, run: Knobs): string {
  const rate = state.runs.some(({ learningRate }) => learningRate !== run.learningRate);
  const names = [run.l2 === 0 ? 'λ off' : `λ ${tidy(run.l2)}`];
  names.push(run.dropout.every((p) => p === 0) ? 'p off' : `p ${rates(run.dropout)}`);
  if (rate) names.push(`lr ${tidy(run.learningRate)}`);
  return names.map((name) => name.replaceAll(' ', '\u00a0')).join('\u00a0· ');
}
