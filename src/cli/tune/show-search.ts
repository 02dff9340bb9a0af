import { edgesOf, importanceOf, type SearchResult, type Trial, type TrialEpoch } from '../../tune.js';
import type { Chart, Series } from '../charts/chart.js';
import { writeCharts } from '../charts/terminal-chart.js';
import { terminalMap } from '../charts/terminal-map.js';
import { type Fact, writeCommand, writeFacts } from '../terminal/lines.js';
import { count, duration, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { mapOf } from './search-map.js';
import { terminalTable } from './trial-table.js';
import { judgedEpoch, rankTrials, statusText, trialName, valueText, variedNames } from './trials.js';

/** Facts that are shown beside the result of a search. */
export interface SearchAbout {
  /** The command that repeats the search. */
  readonly command: string;
  /** The command that trains the best configuration; null before there is one. */
  readonly winner: string | null;
  /** The result of the best network on data that was never used to choose; none before there is one. */
  readonly test: readonly Fact[];
}

/** Returns the findings of a search as facts. */
export function searchLines(result: SearchResult, test: readonly Fact[] = []): Fact[] {
  const { trials, best, oneStandardError, seconds, complete, folds } = result;
  const names = variedNames(result);
  const trialOf = (id: number | null) => trials.find((trial) => trial.id === id);
  const [winner, simpler] = [trialOf(best), trialOf(oneStandardError)];
  const facts: Fact[] = [];
  if (winner) facts.push(['Best', trialName(winner, names)], ...measured(winner, folds));
  if (simpler && simpler.id !== best) {
    facts.push(['Simpler', `${trialName(simpler, names)}; the largest λ within one standard error of the best`]);
  }
  for (const { name, bound } of edgesOf(result)) {
    facts.push([
      'Widen',
      `${name} is best at the end of its range, ${valueText(bound)}: a better one may lie beyond it`,
    ]);
  }
  const importance = importanceOf(result);
  if (importance) facts.push(['Matters', importanceText(importance)]);
  facts.push(
    ['Trials', `${count(trials.length)}${trials.length > 0 ? `: ${statusText(result)}` : ''}`],
    ['Time', `${duration(seconds)}${complete ? '' : ', stopped before its end'}`],
  );
  return [...facts, ...test];
}

/** Returns shares of the variance in words, the largest first. */
function importanceText(importance: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(importance).sort(([, a], [, b]) => b - a);
  const parts = sorted.map(([name, share]) => `${name} ${Math.round(100 * share)} %`);
  return `${parts.join(', ')} of how much the score varies over the space`;
}

function measured(trial: Trial, folds: number): Fact[] {
  const epoch = judgedEpoch(trial);
  if (!epoch) return [];
  const { validationAccuracy, validationLoss, standardError } = epoch;
  const parts = [
    ...(validationAccuracy === undefined ? [] : [`accuracy ${percent(validationAccuracy)}`]),
    `loss ${short(validationLoss)}`,
    ...(standardError === undefined ? [] : [`standard error ${short(standardError)}`]),
  ];
  const after = `after ${count(epoch.epoch)} ${epoch.epoch === 1 ? 'epoch' : 'epochs'}`;
  return [['Validation', `${parts.join(', ')} ${after}${folds > 0 ? `, mean of ${count(folds)} folds` : ''}`]];
}

/** Returns a space as facts: names, and distributions in words. */
export function spaceLines({ space }: Pick<SearchResult, 'space'>): Fact[] {
  return Object.entries(space).flatMap(([name, entry]): Fact[] =>
    Array.isArray(entry)
      ? entry.map((one, i): Fact => [`${name}[${i}]`, distributionText(one)])
      : [[name, distributionText(entry)]],
  );
}

/** The words after the range of a distribution, by kind. */
const KINDS: Readonly<Record<string, string>> = {
  uniform: '',
  logUniform: ', evenly in the logarithm',
  integer: ', integers',
};

function distributionText(distribution: unknown): string {
  const { kind, low, high, values, value } = distribution as Readonly<Record<string, unknown>>;
  if (typeof low === 'number' && typeof high === 'number') {
    return `from ${valueText(low)} to ${valueText(high)}${KINDS[String(kind)] ?? ` (${kind})`}`;
  }
  if (kind === 'choice' && Array.isArray(values)) return `one of ${values.map((each) => valueText(each)).join('; ')}`;
  if (kind === 'fixed' && value !== undefined) return `always ${JSON.stringify(value)}`;
  return JSON.stringify(distribution);
}

/** Trials that are shown after a search; the page and the CSV file have all. */
const MOST_TRIALS = 10;

/**
 * Shows the findings of a search: the leading trials, the map, the curves of the best, and the command that trains the winner.
 * @param about with a sentence about a search that was stopped, and the files that were written
 */
export function showSearch(
  terminal: Terminal,
  result: SearchResult,
  about: SearchAbout & { readonly stopped?: string; readonly written: readonly string[] },
): void {
  const { columns, color } = terminal;
  const { winner, test, command, stopped, written } = about;
  const map = mapOf(result);
  const table = terminalTable(result, { width: columns, most: MOST_TRIALS, color });
  for (const lines of [table, map ? terminalMap(map, columns, color) : []]) {
    if (lines.length > 0) terminal.write(`\n${lines.join('\n')}\n`);
  }
  writeCharts(terminal, searchCharts(result));
  terminal.write('\n');
  if (stopped !== undefined) terminal.write(`${stopped}\n`);
  const files: Fact[] = written.length > 0 ? [['Written', written.join(', ')]] : [];
  writeFacts(terminal, [...searchLines(result, test), ...files]);
  if (winner !== null) writeCommand(terminal, 'Train it', winner);
  writeCommand(terminal, 'Again', command);
}

/** More curves than these cannot be told apart. */
const FINALISTS = 5;

/** Returns the charts of the leading trials: loss, and accuracy where there is one; none before the first epoch's end. */
export function searchCharts(result: SearchResult): Chart[] {
  const finalists = rankTrials(result.trials)
    .filter(({ status, rungs }) => status !== 'dropped' && status !== 'diverged' && rungs.length > 0)
    .slice(0, FINALISTS);
  if (finalists.length === 0) return [];
  const names = variedNames(result);
  const curves = finalists.map((trial) => ({
    group: trialName(trial, names),
    epochs: lineage(trial, result.trials),
  }));
  const series = (train: keyof TrialEpoch, validation: keyof TrialEpoch): Series[] =>
    curves.flatMap(({ group, epochs }) => [
      { name: 'training', group, values: epochs.map((epoch) => epoch?.[train] ?? Number.NaN) },
      { name: 'validation', group, values: epochs.map((epoch) => epoch?.[validation] ?? Number.NaN) },
    ]);
  const charts: Chart[] = [{ title: 'Loss of the best', unit: 'epoch', series: series('trainLoss', 'validationLoss') }];
  if (curves.some(({ epochs }) => epochs.some((epoch) => epoch?.validationAccuracy !== undefined))) {
    const both = series('trainAccuracy', 'validationAccuracy');
    charts.push({ title: 'Accuracy of the best', unit: 'epoch', share: true, series: both });
  }
  return charts;
}

/** Returns the epochs of a trial from the first, its parent's up to where it was copied; undefined for a missing one. */
function lineage(trial: Trial, trials: readonly Trial[]): (TrialEpoch | undefined)[] {
  const epochs: (TrialEpoch | undefined)[] = [];
  for (let each: Trial | undefined = trial; each; each = parentOf(each, trials)) {
    for (const rung of each.rungs) epochs[rung.epoch - 1] ??= rung;
  }
  return Array.from(epochs);
}

const parentOf = ({ parent }: Trial, trials: readonly Trial[]) => trials.find(({ id }) => id === parent);
