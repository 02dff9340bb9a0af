import { openAsBlob, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { EngineError } from '../errors/engine-error.js';
import { type ReadTableOptions, readTable, type Table } from '../index.js';
import type { Given, OptionValues } from './parse-options.js';
import { list } from './terminal/lines.js';
import { TableBar } from './terminal/table-bar.js';
import { terminalOf } from './terminal/terminal.js';

/** The options that say how a table is written. */
export const TABLE_FILE_OPTIONS = {
  delimiter: {
    value: 'MARK',
    text: 'The character between values, or tab, space, comma, semicolon or bar; default: recognised.',
  },
  header: { text: 'The first line names the columns; default: recognised.' },
  'no-header': { text: 'The first line holds values.' },
} as const;

/** The way in which a table is written; null: recognised. */
export interface TableLayout {
  readonly delimiter: string | null;
  readonly header: boolean | null;
}

const DELIMITERS: Readonly<Record<string, string>> = { tab: '\t', space: ' ', comma: ',', semicolon: ';', bar: '|' };

/** Reads the options that say how a table is written. @throws UsageError */
export function readLayout(given: Given<typeof TABLE_FILE_OPTIONS>, { refuse }: OptionValues): TableLayout {
  const { delimiter, header, 'no-header': none } = given;
  if (header && none) throw refuse('--header and --no-header exclude each other');
  const mark = delimiter === undefined ? null : (DELIMITERS[delimiter] ?? delimiter);
  if (mark !== null && !/^[^"\r\n]$/.test(mark)) {
    throw refuse(
      `--delimiter must be one character, or ${list(Object.keys(DELIMITERS))}, got ${JSON.stringify(delimiter)}`,
    );
  }
  return { delimiter: mark, header: header ? true : none ? false : null };
}

/**
 * Returns the facts of the path that `--data` names.
 * @throws UsageError if there is nothing
 */
export async function findData(path: string, refuse: OptionValues['refuse']): Promise<Stats> {
  const found = await stat(path).catch(() => undefined);
  if (found) return found;
  if (/^\w+:\/\//.test(path))
    throw refuse(`--data names a file of this machine, not an address: download ${path} first`);
  throw refuse(`--data: there is no ${path}`);
}

/** The path that stands for standard input. */
export const STDIN = '-';

/** Returns a path as messages name it. */
export const nameOf = (path: string) => (path === STDIN ? 'standard input' : path);

/**
 * Returns the table of a file, or of standard input.
 * @param fits returns false for a table that is not the one expected: the first line was then taken for what it is not
 * @throws EngineError of kind `format` naming the file
 */
export async function readTableFile(
  path: string,
  { delimiter, header }: TableLayout,
  fits: (table: Table) => boolean = () => true,
): Promise<Table> {
  const bar = new TableBar(terminalOf(process.stderr, process.env), `reading ${nameOf(path)}`);
  const options: ReadTableOptions = {
    delimiter: delimiter ?? undefined,
    header: header ?? undefined,
    onProgress: (read, bytes) => bar.show(read / bytes),
  };
  try {
    const source = await sourceOf(path);
    const table = await readTable(source, options);
    if (header !== null || fits(table)) return table;
    for (const other of [true, false]) {
      const again = await readTable(source, { ...options, header: other }).catch(() => undefined);
      if (again && fits(again)) return again;
    }
    return table;
  } catch (error) {
    const message = (error as Error).message.replace(/^table: /, '');
    throw new EngineError('format', `${nameOf(path)}: ${message}`, { cause: error });
  } finally {
    bar.clear();
  }
}

/** Returns a file to be read piece by piece; a pipe is read at once. */
async function sourceOf(path: string): Promise<Blob | Uint8Array> {
  if (path === STDIN) return buffer(process.stdin);
  return (await stat(path)).isFile() ? openAsBlob(path) : readFile(path);
}
