import { HISTORY, type RunFacts } from '../contract/protocol.js';
import { isKept, MOST_ROWS } from './measuring.js';

/** A row in the order of `HISTORY`. */
export type Row = readonly number[];

/** The measurements of a run; it remembers which of them the page knows. */
export class History {
  rows: readonly Row[] = [];
  readonly #spacing: number;
  #told = 0;
  #replace = true;

  /** @param spacing steps between two measurements at first */
  constructor(spacing: number) {
    this.#spacing = spacing;
  }

  get lastStep(): number {
    return this.rows.at(-1)?.[0] ?? -1;
  }

  /** Adds a row; it replaces the last one if that is of the same step. */
  add(row: Row): void {
    const [step] = row;
    if (step <= this.lastStep) this.cut(step - 1);
    this.rows = [...this.rows, row];
    if (this.rows.length <= MOST_ROWS) return;
    this.#rewrite(this.rows.filter(([each]) => isKept(each, step, this.#spacing)));
  }

  /** Forgets the measurements after a step. */
  cut(step: number): void {
    this.#rewrite(this.rows.filter(([each]) => each <= step));
  }

  /** Returns the rows that the page does not know yet. */
  news(): RunFacts['history'] {
    const rows = this.rows.slice(this.#told);
    const replace = this.#replace;
    if (rows.length === 0 && !replace) return undefined;
    this.#told = this.rows.length;
    this.#replace = false;
    const flat = new Float32Array(rows.length * HISTORY.length);
    for (const [i, row] of rows.entries()) flat.set(row, i * HISTORY.length);
    return { rows: flat, replace };
  }

  #rewrite(rows: readonly Row[]): void {
    if (rows.length === this.rows.length) return;
    this.rows = rows;
    this.#told = 0;
    this.#replace = true;
  }
}
