import type { SearchResult, Trial, TrialEpoch } from '../../tune.js';
import { textTable } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import { gapText, judgedEpoch, rankTrials, valueText, variedNames } from './trials.js';

/** A column of a table of trials. */
export interface TrialColumn {
  readonly name: string;
  /** Its name in a terminal. */
  readonly head: string;
  /** True for words, false for numbers. */
  readonly words?: boolean;
  /** If there is no room for all columns, those with the largest number are left out first. */
  readonly spare: number;
  cell(trial: Trial, rank: number): string;
}

/** Returns the columns that are not empty: values that were varied, and results. */
export function trialColumns(result: SearchResult): TrialColumn[] {
  const { trials, metric } = result;
  const names = variedNames(result);
  const values = names.map((name, i): Column => {
    const words = trials.some(({ config }) => typeof config[name] !== 'number');
    return { name, head: name, words, spare: 1 + i / names.length, cell: ({ config }) => valueText(config[name]) };
  });
  const all: Column[] = [
    { name: 'rank', head: '#', spare: 0, cell: (_, rank) => String(rank) },
    { name: 'trial', head: 'trial', spare: 8, cell: ({ id }) => String(id) },
    { name: 'copied from', head: 'from', spare: 9, cell: ({ parent }) => parent?.toString() },
    ...values,
    { name: 'epochs', head: 'epochs', spare: 7, cell: ({ epochs }) => count(epochs) },
    measured('training loss', 'train loss', 5, 'trainLoss', short),
    measured('validation loss', 'val loss', metric === 'loss' ? 0 : 6, 'validationLoss', short),
    measured('validation accuracy', 'val acc', metric === 'accuracy' ? 0 : 6, 'validationAccuracy', percent),
    ...(metric === 'accuracy' || metric === 'loss' ? [] : [measured('score', 'score', 0, 'score', short)]),
    measured('standard error', '±', 4, 'standardError', short),
    { name: 'gap', head: 'gap', spare: 3, cell: gapText },
    { name: 'status', head: 'status', words: true, spare: 2.5, cell: ({ status }) => status },
  ];
  return all
    .filter(({ cell }) => trials.some((trial) => cell(trial, 0) !== undefined))
    .map((column) => ({ ...column, cell: (trial, rank) => column.cell(trial, rank) ?? '-' }));
}

/** A column that may be empty for some trials. */
type Column = Omit<TrialColumn, 'cell'> & { cell(trial: Trial, rank: number): string | undefined };

/** Returns a column with a number of the epoch that a trial is judged by. */
function measured(
  name: string,
  head: string,
  spare: number,
  key: keyof TrialEpoch,
  text: (value: number) => string,
): Column {
  return {
    name,
    head,
    spare,
    cell: (trial) => {
      const value = judgedEpoch(trial)?.[key];
      return value === undefined ? undefined : text(value);
    },
  };
}

/** Cells with more letters are cut. */
const LONGEST = 24;
const CYAN = 36;
const RED = 31;
const GREY = 90;

/** The room that a table has. */
export interface TableRoom {
  /** Columns of letters. */
  readonly width: number;
  /** Trials. */
  readonly most: number;
  readonly color: boolean;
}

/** Returns the leading trials of a search as lines; the last line counts the trials that are left out. */
export function terminalTable(result: SearchResult, { width, most, color }: TableRoom): string[] {
  const { trials, best } = result;
  if (trials.length === 0) return [];
  const shown = rankTrials(trials).slice(0, most);
  const columns = fitting(trialColumns(result), shown, width);
  const rows = [columns.map(({ head }) => head), ...shown.map((trial, i) => cellsOf(columns, trial, i))];
  const [head, ...lines] = textTable(rows, (column) => !columns[column].words).map((line) => line.slice(0, width));
  const paint = (line: string, code: number | undefined) =>
    color && code !== undefined ? `\x1b[${code}m${line}\x1b[39m` : line;
  const more = trials.length - shown.length;
  return [
    paint(head, GREY),
    ...lines.map((line, i) => paint(line, shown[i].id === best ? CYAN : COLORS[shown[i].status])),
    ...(more > 0 ? [paint(`… ${count(more)} more`, GREY)] : []),
  ];
}

const COLORS: Partial<Record<Trial['status'], number>> = { diverged: RED, dropped: GREY };

const cellsOf = (columns: readonly TrialColumn[], trial: Trial, i: number) =>
  columns.map(({ cell }) => {
    const text = cell(trial, i + 1);
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  });

/** Returns the columns that fit side by side, without the least needed ones. */
function fitting(all: readonly TrialColumn[], shown: readonly Trial[], width: number): TrialColumn[] {
  const columns = [...all];
  const needs = (column: TrialColumn) =>
    2 + Math.max(column.head.length, ...shown.map((trial, i) => cellsOf([column], trial, i)[0].length));
  let room = width + 2 - columns.reduce((sum, column) => sum + needs(column), 0);
  while (room < 0) {
    const spare = Math.max(...columns.map((column) => column.spare));
    if (spare === 0) break;
    const [left] = columns.splice(
      columns.findIndex((column) => column.spare === spare),
      1,
    );
    room += needs(left);
  }
  return columns;
}
