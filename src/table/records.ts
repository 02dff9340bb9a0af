import type { Parser as PapaParser } from 'papaparse';
import { EngineError } from '../errors/engine-error.js';

/** A line of a table: its values, and the line of the file (from 1) on which it begins. */
export interface TableRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The way in which the values of a text are set apart. */
export interface Layout {
  readonly delimiter: string;
  /** True if lines that begin with `#` are comments. */
  readonly comments: boolean;
  /** Lines at the beginning of the file that are not of the table. */
  readonly skipped: number;
}

type ParserClass = typeof PapaParser;

/** Delimiters in the order in which they are preferred: the first ones hardly occur inside values. */
const DELIMITERS = ['\t', ';', '|', ',', ' '];
/** Characters of a text by which its layout is judged. */
const LOOKED_AT = 2 ** 16;
/** A line of more characters is a fault of the file, such as a quote that is never closed. */
const LONGEST_LINE = 2 ** 24;

/** Returns the layout of a text, judged by its first lines; their ends must be `\n`. */
function layoutOf(Parser: ParserClass, text: string, delimiter?: string): Layout {
  const separator = /^sep=(.)\n/i.exec(text); // Excel writes and reads it
  if (separator) return { delimiter: delimiter ?? separator[1], comments: false, skipped: 1 };
  const head = text.length > LOOKED_AT ? text.slice(0, text.lastIndexOf('\n', LOOKED_AT) + 1 || LOOKED_AT) : text;
  const comments = hasComments(head);
  if (delimiter !== undefined) return { delimiter, comments, skipped: 0 };
  const regular = DELIMITERS.map((each) => regularityOf(Parser, head, { delimiter: each, comments, skipped: 0 }));
  const best = regular.reduce((most, share, i) => (share > regular[most] + 0.05 ? i : most), 0);
  return { delimiter: regular[best] > 0 ? DELIMITERS[best] : ',', comments, skipped: 0 };
}

/** Returns true if the text begins with comments; a single line of as many values as the next one is a header: `#id,x`. */
function hasComments(head: string): boolean {
  const lines = head.split('\n', 1000).filter((line) => line.trim() !== '');
  const first = lines.findIndex((line) => !line.startsWith('#'));
  const count = (line: string) => Math.max(...DELIMITERS.slice(0, 4).map((mark) => line.split(mark).length));
  const isHeader = first === 1 && count(lines[0]) > 1 && count(lines[0]) === count(lines[1]);
  return first > 0 && !isHeader;
}

/** Returns the share of lines that have the commonest number of values; 0 if that is one. */
function regularityOf(Parser: ParserClass, text: string, layout: Layout): number {
  const { records } = parse(Parser, text, layout, 1, true);
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [width, most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [1, 0];
  if (width < 2) return 0;
  // One line, the header, may lack the name of a first or a last column.
  const header = Math.abs(records[0].cells.length - width) === 1 ? 1 : 0;
  return (most + header) / records.length;
}

/** Returns the records of a text, and the characters after the last whole one. */
function parse(Parser: ParserClass, text: string, { delimiter, comments }: Layout, firstLine: number, isLast: boolean) {
  const parser = new Parser({ delimiter, newline: '\n' });
  const read = parser.parse as (text: string, start: number, ignoreLast: boolean) => PapaResult;
  const { data, errors, meta } = read(text, 0, !isLast);
  const records: TableRecord[] = [];
  let line = firstLine;
  let commented = 0;
  for (const cells of data) {
    const isBlank = cells.length === 1 && cells[0].trim() === '';
    if (comments && cells[0].startsWith('#')) commented++;
    else if (!isBlank) records.push({ cells: cells.map(trimmed), line });
    line++;
    for (const cell of cells) if (cell.includes('\n')) line += cell.split('\n').length - 1;
  }
  const isOpen = isLast && errors.some(({ code }) => code === 'MissingQuotes');
  return { records, commented, line, rest: isLast ? '' : text.slice(meta.cursor), isOpen };
}

interface PapaResult {
  readonly data: readonly string[][];
  readonly errors: readonly { readonly code: string }[];
  readonly meta: { readonly cursor: number };
}

/** Cuts off blanks, and quotes that have a blank before them. */
function trimmed(cell: string): string {
  const text = cell.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** Returns the text with `\n` at every line's end; a `\r` at its end waits for what follows. */
function withPlainEnds(text: string, isLast: boolean): { text: string; held: string } {
  const held = !isLast && text.endsWith('\r') ? '\r' : '';
  return { text: text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n'), held };
}

/**
 * Yields the lines of a text in groups, without blank ones and comments, which are counted; blanks around values are cut off.
 * @throws EngineError of kind `format` for a quote that is not closed, or a line that is too long
 */
export async function* recordsOf(
  Parser: ParserClass,
  texts: AsyncIterable<string>,
  delimiter?: string,
): AsyncGenerator<{ records: readonly TableRecord[]; commented: number; layout: Layout }> {
  let layout: Layout | undefined;
  let rest = '';
  let line = 1;
  const read = (added: string, isLast: boolean) => {
    const { text, held } = withPlainEnds(rest + added, isLast);
    if (!isLast && layout === undefined && text.length < LOOKED_AT) {
      rest = text + held;
      return undefined;
    }
    layout ??= layoutOf(Parser, text, delimiter);
    const body = layout.delimiter === ' ' ? text.replace(/[ \t]+/g, ' ').replace(/^ | $/gm, '') : text;
    const parsed = parse(Parser, body, layout, line, isLast);
    const records = parsed.records.slice(line === 1 ? layout.skipped : 0);
    if (parsed.isOpen) {
      const at = records.at(-1)?.line ?? line;
      throw new EngineError('format', `table: line ${at}: a quote is opened and not closed`);
    }
    [rest, line] = [parsed.rest + held, parsed.line];
    if (rest.length > LONGEST_LINE) {
      const fault = `is longer than ${LONGEST_LINE} characters, or a quote in it is not closed`;
      throw new EngineError('format', `table: line ${line} ${fault}`);
    }
    return { records, commented: parsed.commented, layout };
  };
  for await (const text of texts) {
    const found = read(text, false);
    if (found) yield found;
  }
  const found = read('', true);
  if (found && (found.records.length > 0 || found.commented > 0 || line === 1)) yield found;
}
