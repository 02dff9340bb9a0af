import type { SearchResult } from '../../tune.js';
import { terminalMap } from '../charts/terminal-map.js';
import type { Terminal } from '../terminal/terminal.js';
import { writeCharts, writeCommand, writeFacts } from '../train/show-run.js';
import { searchCharts } from './search-curves.js';
import { searchLines } from './search-lines.js';
import { terminalTable } from './terminal-table.js';

/** Trials that are shown after a search; the page and the CSV file have all. */
const MOST_TRIALS = 10;

/** What is shown beside a search. */
export interface SearchShown {
  /** The command that trains the best configuration; null before there is one. */
  readonly winner: string | null;
  /** What the best network measures on data by which nothing was chosen; null before there is one. */
  readonly test: string | null;
  /** The command that repeats the search. */
  readonly command: string;
  /** Where a search that was stopped stands. */
  readonly stopped?: string;
  /** Files. */
  readonly written: readonly string[];
}

/** Shows what a search found: the leading trials, the map, the best ones' curves, and how to train the best by itself. */
export function showSearch(terminal: Terminal, result: SearchResult, shown: SearchShown): void {
  const { columns, color } = terminal;
  const { winner, test, command, stopped, written } = shown;
  const blocks = [
    terminalTable(result, { width: columns, most: MOST_TRIALS, color }),
    terminalMap(result, columns, color),
  ];
  for (const lines of blocks) if (lines.length > 0) terminal.write(`\n${lines.join('\n')}\n`);
  writeCharts(terminal, searchCharts(result));
  terminal.write('\n');
  if (stopped !== undefined) terminal.write(`${stopped}\n`);
  writeFacts(terminal, [
    ...searchLines(result),
    ...(test === null ? [] : [['Test', test] as const]),
    ...(written.length > 0 ? [['Written', written.join(', ')] as const] : []),
  ]);
  if (winner !== null) writeCommand(terminal, 'Train it', winner);
  writeCommand(terminal, 'Again', command);
}
