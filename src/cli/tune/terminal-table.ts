import type { SearchResult, Trial } from '../../tune.js';
import { count } from '../terminal/numbers.js';
import { textTable } from '../terminal/text-table.js';
import { type TrialColumn, trialColumns } from './trial-columns.js';
import { rankTrials } from './trial-ranking.js';

/** Cells with more letters are cut. */
const LONGEST = 24;
const CYAN = 36;
const RED = 31;
const GREY = 90;

/** How much of a table is shown, and how. */
export interface TableRoom {
  /** Columns of letters. */
  readonly width: number;
  /** Trials. */
  readonly most: number;
  readonly color: boolean;
}

/** Returns the leading trials of a search as lines; what does not fit is left out, and how many trials that were is said. */
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

/** The columns that fit side by side, the least needed ones left out. */
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
