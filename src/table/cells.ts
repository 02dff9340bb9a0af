import { isMissing, type NumberFormat, numberFormatOf, parseNumber } from './number-format.js';

/** A column with more different values than this is kept as numbers, if it holds numbers. */
const MANY_VALUES = 4096;
/** A column with more different texts than this cannot be used: no more texts of it are kept. */
const TOO_MANY_TEXTS = 200_000;

/** Cells as numbers: NaN where there is none, and then the text, unless it stands for a missing value. */
interface Packed {
  readonly format: NumberFormat;
  values: Float64Array;
  readonly odd: Map<number, string>;
}

/** The cells of a column, kept compactly while a file is read: a text once however often it occurs, or numbers. */
export class Cells {
  #rows = 0;
  /** The index in `#texts` of every row, unless the column is packed as numbers. */
  #codes = new Uint32Array(256);
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();
  #packed: Packed | undefined;
  #overflows = false;

  get rows(): number {
    return this.#rows;
  }

  /** True if the column has so many different texts that they were not all kept. */
  get overflows(): boolean {
    return this.#overflows;
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
    this.#codes = grown(this.#codes, row);
    this.#codes[row] = code;
    if (code === MANY_VALUES && this.#known.size === code + 1) this.#pack();
  }

  /** Returns the text of a row; `''` for a missing number. */
  text(row: number): string {
    if (!this.#packed) return this.#texts[this.#codes[row]];
    const { values, odd } = this.#packed;
    const value = values[row];
    return Number.isNaN(value) ? (odd.get(row) ?? '') : String(value);
  }

  /** Returns what `read` makes of the text of every row; each text is read once. */
  map<T>(read: (text: string) => T): readonly T[] {
    if (this.#packed) return Array.from({ length: this.#rows }, (_, row) => read(this.text(row)));
    const values = this.#texts.map(read);
    return Array.from(this.#codes.subarray(0, this.#rows), (code) => values[code]);
  }

  /** Returns the numbers of all rows, NaN where `read` finds none in a text. */
  numbers(read: (text: string) => number | undefined): Float64Array {
    if (!this.#packed) {
      const values = Float64Array.from(this.#texts, (text) => read(text) ?? Number.NaN);
      return Float64Array.from(this.#codes.subarray(0, this.#rows), (code) => values[code]);
    }
    const values = this.#packed.values.slice(0, this.#rows);
    for (const [row, text] of this.#packed.odd) values[row] = read(text) ?? Number.NaN;
    return values;
  }

  /** Returns the different texts, in order of first appearance, and the number of rows that each has. */
  distinct(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    if (this.#packed) {
      for (let row = 0; row < this.#rows; row++) {
        const text = this.text(row);
        found.set(text, (found.get(text) ?? 0) + 1);
      }
      return found;
    }
    const counts = new Uint32Array(this.#texts.length);
    for (let row = 0; row < this.#rows; row++) counts[this.#codes[row]]++;
    return new Map(this.#texts.map((text, code) => [text, counts[code]]));
  }

  #add(text: string, code: number): void {
    // A piece of a long text keeps all of it in memory, so a copy is made.
    const own: string = text.length > 12 ? JSON.parse(JSON.stringify(text)) : text;
    this.#known.set(own, code);
    this.#texts.push(own);
  }

  #pushNumber(text: string, row: number, packed: Packed): void {
    const value = parseNumber(text, packed.format);
    packed.values = grown(packed.values, row);
    packed.values[row] = value ?? Number.NaN;
    if (value !== undefined || isMissing(text)) return;
    if (packed.odd.size < TOO_MANY_TEXTS) packed.odd.set(row, text);
    else this.#overflows = true;
  }

  /** Keeps the cells as numbers from now on, if most of them are. */
  #pack(): void {
    const format = numberFormatOf(this.#texts.filter((text) => !isMissing(text)));
    if (!format || format.others > MANY_VALUES / 20) return;
    const odd = new Map<number, string>();
    const values = this.numbers((text) => parseNumber(text, format));
    for (let row = 0; row < this.#rows; row++) {
      const text = this.text(row);
      if (Number.isNaN(values[row]) && !isMissing(text)) odd.set(row, text);
    }
    this.#packed = { format, values, odd };
    this.#codes = new Uint32Array(0);
    this.#texts.length = 0;
    this.#known.clear();
  }
}

function grown<T extends Uint32Array | Float64Array>(array: T, row: number): T {
  if (row < array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(2 * row);
  larger.set(array as never);
  return larger;
}
