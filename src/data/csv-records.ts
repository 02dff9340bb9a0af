import { show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';

/** The values of one record, and the line (from 1) on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Yields the records of a CSV text, without blank lines. Lines end in CR LF, LF or CR; a value in double quotes may
 * hold delimiters, line ends and doubled quotes. Spaces around a value are cut off. Source: RFC 4180.
 * @throws EngineError of kind `format` for a quote that does not close, or that is not around a whole value.
 */
export function* csvRecords(text: string, delimiter = ','): Generator<CsvRecord, undefined> {
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new RangeError(`parseCsv: delimiter must be one character, no quote and no line end, got ${show(delimiter)}`);
  }
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const record: CsvRecord = { line, cells: [] };
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, line) : bareCell(text, at, line, delimiter);
      record.cells.push(cell.value.trim());
      line += cell.lines;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (at < text.length && text[at] !== '\r' && text[at] !== '\n') throw misplacedQuote(line);
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    if (record.cells.length > 1 || record.cells[0] !== '') yield record;
  }
}

/** A value, the place after it, and how many line ends it holds. */
interface Cell {
  value: string;
  end: number;
  lines: number;
}

function bareCell(text: string, start: number, line: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  const value = text.slice(start, end);
  if (value.includes('"')) throw misplacedQuote(line);
  return { value, end, lines: 0 };
}

function quotedCell(text: string, start: number, line: number): Cell {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new EngineError('format', `csv: line ${line}: a quote is opened and not closed`);
    parts.push(text.slice(from, quote));
    from = quote + 1;
    if (text[from] !== '"') break;
    from++;
  }
  const value = parts.join('"');
  return { value, end: from, lines: value.match(/\r\n|\n|\r/g)?.length ?? 0 };
}

function misplacedQuote(line: number): EngineError {
  return new EngineError('format', `csv: line ${line}: a quote must be around a whole value`);
}
