import { atOnce, inPieces } from '../promises/turns.js';
import { DATE_FORMATS, type DateFormat, dateFormatOf, parseDate, showTime } from './date-format.js';
import { Growing } from './growing.js';
import { isMissing, type NumberFormat, numberFormatOf, parseNumber } from './number-format.js';

/** A column with more different values than this is kept as numbers, if it holds numbers or dates. */
const MANY_VALUES = 4096;
/** A column with more different texts than this cannot be used: no more texts of it are kept. */
const TOO_MANY_TEXTS = 200_000;

/** Rows of texts that are counted at once. */
const PIECE = 2 ** 13;

/** The work of reading a text is that of so many numbers. */
const NUMBERS_OF_TEXT = 16;

/** A way to read texts as numbers or dates, and to write them. */
interface Codec {
  readonly format?: NumberFormat;
  readonly dateFormat?: DateFormat;
  read(text: string): number | undefined;
  write(value: number): string;
}

/** Cells as numbers: NaN where there is none, and then the text, unless it stands for a missing value. */
interface Packed extends Codec {
  readonly values: Growing<Float64Array>;
  readonly odd: Map<number, string>;
}

/** The cells of a long column of numbers or dates, and the way in which they are written. */
export interface PackedCells extends Pick<Codec, 'format' | 'dateFormat'> {
  /** NaN where a cell is missing, or is none of them. */
  readonly values: Float64Array;
  /** The texts that are none of them, in the order of the rows. */
  readonly odd: readonly string[];
}

/** The cells of a column, kept compactly while a file is read: a text once however often it occurs, or numbers. */
export class Cells {
  /** True if the file holds numbers here, as JSON and Parquet can: no mark of theirs is in doubt. */
  #holdsNumbers = false;
  #rows = 0;
  /** The index in `#texts` of every row, unless the column is packed as numbers. */
  #codes = new Growing(Uint32Array);
  readonly #texts: string[] = [];
  /** The number of rows of each text. */
  readonly #counts: number[] = [];
  readonly #known = new Map<string, number>();
  #packed: Packed | undefined;
  #overflows = false;

  get rows(): number {
    return this.#rows;
  }

  get holdsNumbers(): boolean {
    return this.#holdsNumbers;
  }

  /** True if the column has so many different texts that they were not all kept. */
  get overflows(): boolean {
    return this.#overflows;
  }

  /** The numbers or dates of a column with many different ones; undefined if it is kept as texts. */
  get packed(): PackedCells | undefined {
    if (!this.#packed) return undefined;
    const { values, odd, format, dateFormat } = this.#packed;
    return { values: values.whole(), odd: [...odd.values()], format, dateFormat };
  }

  /** Adds a value of JSON or Parquet. */
  pushValue(value: unknown): void {
    this.#holdsNumbers ||= typeof value === 'number' || typeof value === 'bigint';
    this.push(cellOf(value));
  }

  push(text: string): void {
    const row = this.#rows++;
    if (this.#packed) {
      this.#pushNumber(text, row, this.#packed);
      return;
    }
    let code = this.#known.get(text);
    if (code === undefined) {
      code = this.#known.size;
      if (code < TOO_MANY_TEXTS) this.#add(text, code);
      else [code, this.#overflows] = [0, true];
    }
    this.#codes.push(code);
    this.#counts[code]++;
    if (code === MANY_VALUES && this.#known.size === code + 1) this.#pack();
  }

  /** Returns the text of a row; `''` for a missing number. */
  text(row: number): string {
    if (!this.#packed) return this.#texts[this.#codes.at(row)];
    const { values, odd, write } = this.#packed;
    const value = values.at(row);
    return Number.isNaN(value) ? (odd.get(row) ?? '') : write(value);
  }

  /** Returns the number that `read` finds in the text of every row; yields in between. Each text is read once. */
  *reading(read: (text: string) => number): Generator<void, Float64Array, void> {
    const values = new Float64Array(this.#rows);
    if (this.#packed) {
      yield* inPieces(this.#rows, (start, end) => {
        for (let row = start; row < end; row++) values[row] = read(this.text(row));
      });
      return values;
    }
    const codes = this.#codes.whole();
    yield;
    const numbers = yield* this.#readTexts(read);
    yield* inPieces(codes.length, (start, end) => {
      for (let row = start; row < end; row++) values[row] = numbers[codes[row]];
    });
    return values;
  }

  /** Returns the numbers of all rows, NaN where `read` finds none in a text; yields in between. */
  *numbers(read: (text: string) => number | undefined): Generator<void, Float64Array, void> {
    const orNone = (text: string) => read(text) ?? Number.NaN;
    if (!this.#packed) return yield* this.reading(orNone);
    const values = this.#packed.values.whole().slice();
    yield;
    let count = 0;
    for (const [row, text] of this.#packed.odd) {
      values[row] = orNone(text);
      if (++count % PIECE === 0) yield;
    }
    return values;
  }

  *#readTexts(read: (text: string) => number): Generator<void, Float64Array, void> {
    const numbers = new Float64Array(this.#texts.length);
    yield* inPieces(
      numbers.length,
      (start, end) => {
        for (let code = start; code < end; code++) numbers[code] = read(this.#texts[code]);
      },
      NUMBERS_OF_TEXT,
    );
    return numbers;
  }

  /** Returns the different texts, in order of first appearance, and the number of rows that each has. */
  distinct(): ReadonlyMap<string, number> {
    return new Map(atOnce(this.counting()));
  }

  /** Returns the same as a list; yields in between, so that a caller may let others run. */
  *counting(): Generator<void, (readonly [text: string, rows: number])[], void> {
    if (!this.#packed) {
      const list: [string, number][] = [];
      for (const [code, text] of this.#texts.entries()) {
        list.push([text, this.#counts[code]]);
        if (code % PIECE === PIECE - 1) yield;
      }
      return list;
    }
    const found = new Map<string, number>();
    for (let row = 0; row < this.#rows; row++) {
      const text = this.text(row);
      found.set(text, (found.get(text) ?? 0) + 1);
      if (row % PIECE === PIECE - 1) yield;
    }
    return [...found];
  }

  #add(text: string, code: number): void {
    // A piece of a long text keeps all of it in memory, so a copy is made.
    const own: string = text.length > 12 ? JSON.parse(JSON.stringify(text)) : text;
    this.#known.set(own, code);
    this.#texts.push(own);
    this.#counts.push(0);
  }

  #pushNumber(text: string, row: number, packed: Packed): void {
    const value = packed.read(text);
    packed.values.push(value ?? Number.NaN);
    if (value !== undefined || isMissing(text)) return;
    if (packed.odd.size < TOO_MANY_TEXTS) packed.odd.set(row, text);
    else this.#overflows = true;
  }

  /** Keeps the cells as numbers from now on, if most of them are, or if all of them are dates. */
  #pack(): void {
    const codec = codecOf(this.#texts.filter((text) => !isMissing(text)));
    if (!codec) return;
    const odd = new Map<number, string>();
    const values = new Growing(Float64Array);
    const numbers = this.#texts.map((text) => codec.read(text) ?? Number.NaN);
    for (let row = 0; row < this.#rows; row++) {
      const code = this.#codes.at(row);
      values.push(numbers[code]);
      if (Number.isNaN(numbers[code]) && !isMissing(this.#texts[code])) odd.set(row, this.#texts[code]);
    }
    this.#packed = { ...codec, values, odd };
    this.#codes = new Growing(Uint32Array);
    this.#texts.length = 0;
    this.#counts.length = 0;
    this.#known.clear();
  }
}

/** Returns a value of JSON or Parquet as the text of a cell. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
}

/** Returns the way in which texts are numbers; undefined if they are none, or dates whose order of day and month is open. */
function codecOf(texts: readonly string[]): Codec | undefined {
  const format = numberFormatOf(texts);
  if (format && format.others <= MANY_VALUES / 20) {
    return { format, read: (text) => parseNumber(text, format), write: String };
  }
  const order = dateFormatOf(texts);
  if (!order || DATE_FORMATS.some((other) => other !== order && texts.every((text) => isDate(text, other))))
    return undefined;
  return { dateFormat: order, read: (text) => parseDate(text, order), write: (days) => showTime(days, order) };
}

const isDate = (text: string, order: DateFormat) => parseDate(text, order) !== undefined;
