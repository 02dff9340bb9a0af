import { checkBoolean, checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { inTurns, Turns } from '../promises/turns.js';
import { Cells } from './cells.js';
import { judging, type TableColumn } from './column.js';
import { Growing } from './growing.js';
import { commonWidth, type Header, headerOf } from './header.js';
import type { Commas } from './number-format.js';
import {
  blobOf,
  type Encoding,
  encodingOf,
  isBinary,
  isOfKind,
  type TableSource,
  textOf,
  WrongEncoding,
} from './read-bytes.js';
import type { TableRecord } from './records.js';
import { type Table, tableOf } from './table.js';

export interface ReadTableOptions {
  /** The text between values; default: judged by the first lines. */
  delimiter?: string | undefined;
  /** True: the first line names the columns. False: it holds values. Default: judged by the values under it. */
  header?: boolean | undefined;
  /** Called while a long file is read, with the bytes read so far and all of them. */
  onProgress?: ((read: number, bytes: number) => void) | undefined;
}

/** Lines that are looked at before columns get their names. */
const SAMPLE = 200;
/** Characters of a text, and values, that are taken at once. */
const PIECE = 2 ** 16;
const MOST_COLUMNS = 100_000;
const MOST_FAULTS = 5;

/**
 * Returns the table of a file: CSV with any delimiter, also packed with gzip; JSON or JSON lines; Parquet. Delimiter, header,
 * encoding and the way in which numbers are written are recognised; columns are judged by all of their values.
 * @throws TypeError for an unknown option; EngineError of kind `format` for a file that is no table, naming all lines that
 * are damaged
 */
export async function readTable(source: TableSource, options: ReadTableOptions = {}): Promise<Table> {
  checkOptions('readTable', options, ['delimiter', 'header', 'onProgress']);
  const { delimiter, header, onProgress } = options;
  if (header !== undefined) checkBoolean('readTable', 'header', header);
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\n\r]$/.test(delimiter))) {
    throw new RangeError(
      `readTable: delimiter must be one character, no quote and no line end, got ${show(delimiter)}`,
    );
  }
  if (typeof source === 'string') {
    if (/^[^\n\r]*\.(csv|tsv|txt|jsonl?|parquet)(\.gz)?\s*$/i.test(source)) {
      throw new TypeError(
        `readTable: a text is the table itself, not where it lies; read the file first, got ${show(source)}`,
      );
    }
    return tableOfText(
      async function* () {
        for (let at = 0; at < source.length || at === 0; at += PIECE) yield source.slice(at, at + PIECE);
      },
      options,
      [],
    );
  }
  const isBytes = source instanceof Blob || source instanceof Uint8Array || source instanceof ArrayBuffer;
  if (!isBytes) throw new TypeError(`readTable: source must be a text, bytes or a Blob, got ${show(source)}`);
  const blob = blobOf(source);
  if (await isOfKind(blob, 'parquet')) return parquetTable(blob, onProgress);
  if (await isOfKind(blob, 'zip')) {
    throw new EngineError('format', 'table: the file is a zip archive or a workbook; unpack it, or save it as CSV');
  }
  if (await isOfKind(blob, 'xls')) throw new EngineError('format', 'table: the file is a workbook; save it as CSV');
  const encoding = await encodingOf(blob);
  const read = (name: Encoding) => () => textOf(blob, name, onProgress);
  try {
    const notes = encoding === 'utf-8' ? [] : [`the text is ${encoding.toUpperCase()}`];
    return await tableOfText(read(encoding), options, notes);
  } catch (error) {
    if (!(error instanceof WrongEncoding)) throw error;
    if (encoding !== 'utf-8') {
      throw new EngineError('format', `table: the text is not ${encoding.toUpperCase()}`, { cause: error });
    }
    if (await isBinary(blob)) throw new EngineError('format', `table: the file is no text, gzip or Parquet`);
    return tableOfText(read('windows-1252'), options, [
      'the text is not UTF-8, so it is read as Windows-1252 (Latin-1)',
    ]);
  }
}

async function parquetTable(blob: Blob, onProgress: ReadTableOptions['onProgress']): Promise<Table> {
  const { openParquet } = await import('./parquet.js');
  try {
    const { names, rows, pieces } = await openParquet(blob);
    const columns = names.map(() => new Cells());
    const turns = new Turns();
    for await (const { column, values, rowEnd } of pieces()) {
      for (let i = 0; i < values.length; i++) {
        columns[column].pushValue(values[i]);
        if (i % PIECE === 0) await turns.giveWay();
      }
      onProgress?.(Math.round((blob.size * rowEnd) / rows), blob.size);
    }
    if (rows === 0) throw new EngineError('format', 'table: there are no rows');
    const lines = Uint32Array.from({ length: rows }, (_, row) => row + 1);
    return tableOf(await judged(names, columns), { lines, notes: [] });
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const { message } = cause as Error;
    throw new EngineError('format', `table: the Parquet file cannot be read: ${message}`, { cause });
  }
}

/** Returns the columns, judged in turns, so that a page goes on in between. */
async function judged(names: readonly string[], columns: readonly Cells[], commas?: Commas): Promise<TableColumn[]> {
  const all: TableColumn[] = [];
  for (const [i, name] of names.entries()) {
    all.push(await inTurns(judging(name, columns[i], commas)));
  }
  return all;
}

async function tableOfText(
  open: () => AsyncIterable<string>,
  options: ReadTableOptions,
  notes: readonly string[],
): Promise<Table> {
  const head = await headOf(open());
  if (/^<(!doctype html|html|head)\b/i.test(head)) {
    throw new EngineError('format', 'table: the file is a web page, not a table; perhaps a download went wrong');
  }
  const { isJson, readJson } = await import('./json.js');
  if (isJson(head)) return readJson(open(), notes);
  const { default: Papa } = await import('papaparse');
  const { recordsOf } = await import('./records.js');
  const builder = new TableBuilder(options.header, notes);
  const turns = new Turns();
  for await (const { records, commented, layout } of recordsOf(Papa.Parser, open(), options.delimiter)) {
    builder.add(records, commented, layout.delimiter);
    await turns.giveWay();
  }
  return builder.finish();
}

/** Returns the first characters of a text, after any blanks. */
async function headOf(texts: AsyncIterable<string>): Promise<string> {
  let head = '';
  for await (const text of texts) {
    head = (head + text).trimStart().slice(0, 100);
    if (head.length > 20) break;
  }
  return head;
}

/** Collects the lines of a text into columns. */
class TableBuilder {
  readonly #wanted: boolean | undefined;
  readonly #notes: string[];
  #header: Header | undefined;
  #columns: Cells[] = [];
  #waiting: TableRecord[] = [];
  readonly #lines = new Growing(Uint32Array);
  #rows = 0;
  /** The last line so far, which may be a sum of all others. */
  #last: TableRecord | undefined;
  #delimiter = ',';
  #commented = 0;
  /** The number of lines with a delimiter at their end. */
  #trailing = 0;
  readonly #faults: { line: number; cells: number }[] = [];

  constructor(header: boolean | undefined, notes: readonly string[]) {
    this.#wanted = header;
    this.#notes = [...notes];
  }

  add(records: readonly TableRecord[], commented: number, delimiter: string): void {
    this.#delimiter = delimiter;
    this.#commented += commented;
    if (this.#header) for (const record of records) this.#row(record);
    else {
      this.#waiting.push(...records);
      if (this.#waiting.length > SAMPLE) this.#begin();
    }
  }

  async finish(): Promise<Table> {
    if (!this.#header) this.#begin();
    const { names } = this.#header as Header;
    if (this.#last) {
      if (this.#rows > 0 && isTotal(this.#last.cells))
        this.#notes.push(`line ${this.#last.line} is left out: it is a sum of the others`);
      else this.#push(this.#last);
    }
    this.#refuseFaults(names.length);
    if (this.#rows === 0) throw new EngineError('format', 'table: there are no rows after the header');
    if (this.#commented > 0)
      this.#notes.push(`left out as comments: ${linesInWords(this.#commented)} that begin with #`);
    if (this.#trailing > 0)
      this.#notes.push(`a delimiter at the end of ${linesInWords(this.#trailing)} makes no column`);
    return tableOf(await judged(names, this.#columns, this.#delimiter === ';' ? 'likely' : 'unlikely'), {
      lines: this.#lines.whole(),
      notes: [...this.#notes, ...(this.#header?.notes ?? [])],
    });
  }

  /** Names the columns, once enough lines are there. */
  #begin(): void {
    const waiting = this.#waiting;
    const above = titleLines(waiting.slice(0, SAMPLE).map(({ cells }) => cells));
    if (above > 0)
      this.#notes.push(`${above === 1 ? 'the first line is' : `the first ${above} lines are`} no part of the table`);
    const [first, ...rest] = waiting.splice(0).slice(above);
    if (!first) throw new EngineError('format', 'table: the file is empty');
    const header = headerOf(
      first.cells,
      rest.slice(0, SAMPLE).map(({ cells }) => cells),
      this.#wanted,
    );
    if (header.names.length > MOST_COLUMNS) {
      throw new EngineError('format', `table: there are ${header.names.length} columns, more than ${MOST_COLUMNS}`);
    }
    this.#header = header;
    this.#columns = header.names.map(() => new Cells());
    for (const record of header.isData ? [first, ...rest] : rest) this.#row(record);
  }

  #row(record: TableRecord): void {
    if (this.#last) this.#push(this.#last);
    this.#last = record;
  }

  #push({ cells, line }: TableRecord): void {
    const columns = this.#columns;
    const { length } = columns;
    // A delimiter at the end of every line makes one more value, which is empty.
    const isWhole = cells.length === length || (cells.length === length + 1 && cells[length] === '');
    if (!isWhole) {
      this.#faults.push({ line, cells: cells.length });
      return;
    }
    if (cells.length > length) this.#trailing++;
    for (let i = 0; i < length; i++) columns[i].push(cells[i]);
    this.#lines.push(line);
    this.#rows++;
  }

  #refuseFaults(width: number): void {
    const faults = this.#faults;
    if (faults.length === 0) return;
    const shown = faults.slice(0, MOST_FAULTS).map(({ line, cells }) => `line ${line} has ${cells}`);
    const more = faults.length > MOST_FAULTS ? `, and ${faults.length - MOST_FAULTS} more lines` : '';
    throw new EngineError(
      'format',
      `table: ${faults.length} of ${faults.length + this.#rows} lines ${faults.length === 1 ? 'does' : 'do'} not have ${width} values: ${shown.join(', ')}${more}`,
    );
  }
}

const linesInWords = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;

/** Words that begin a line of sums. */
const TOTAL = /^(grand |sub)?(total|sum|summe|gesamt|gesamtsumme|insgesamt|totale|totaal)s?:?$/i;

/** Returns true for a line of such a word and one more value. */
function isTotal(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return cells.length > 2 && filled.length === 2 && TOTAL.test(filled[0]);
}

/** Lines above a table, such as a title, are at most so many. */
const MOST_TITLES = 20;

/** Returns the number of lines above the header: much shorter than the lines of the table, or mostly empty. */
function titleLines(lines: readonly (readonly string[])[]): number {
  const width = commonWidth(lines);
  const isTitle = (cells: readonly string[]) => {
    const filled = cells.filter((cell) => cell !== '').length;
    return cells.length < width - 1 || (width > 3 && cells.length === width && filled < width / 2);
  };
  const first = lines.slice(0, MOST_TITLES + 1).findIndex((cells) => !isTitle(cells));
  return first > 0 && lines.length > first + 1 && !lines.slice(first, first + 5).some(isTitle) ? first : 0;
}
