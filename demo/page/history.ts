import { HISTORY } from '../contract/protocol.js';

export type Measure = (typeof HISTORY)[number];

/** The measurements of a run: one column per measure, null for a missing one, in ascending steps. */
export class History {
  readonly columns: (number | null)[][] = HISTORY.map(() => []);

  get length(): number {
    return this.columns[0].length;
  }

  of(measure: Measure): (number | null)[] {
    return this.columns[HISTORY.indexOf(measure)];
  }

  last(measure: Measure): number | null {
    return this.of(measure).at(-1) ?? null;
  }

  /** Returns the last measured gap between validation and training loss. */
  gap(): number | null {
    const [train, validation] = [this.last('trainLoss'), this.last('validationLoss')];
    return train === null || validation === null ? null : validation - train;
  }

  /** Returns the row of the least validation loss, or -1. */
  best(): number {
    let best = -1;
    let least = Infinity;
    for (const [row, loss] of this.of('validationLoss').entries()) {
      if (loss !== null && loss < least) [best, least] = [row, loss];
    }
    return best;
  }

  /**
   * Adds rows of `HISTORY`, one after another, or starts over with them. A step that is measured again replaces later
   * rows.
   */
  add(rows: Float32Array, replace: boolean): void {
    for (let start = 0; start + HISTORY.length <= rows.length; start += HISTORY.length) {
      this.#cut(replace && start === 0 ? -1 : rows[start]);
      for (const [i, column] of this.columns.entries()) {
        const value = rows[start + i];
        column.push(Number.isFinite(value) ? value : null);
      }
    }
    if (replace && rows.length === 0) this.#cut(-1);
  }

  #cut(step: number): void {
    const steps = this.columns[0];
    let length = steps.length;
    while (length > 0 && (steps[length - 1] ?? 0) >= step) length--;
    if (length < steps.length) for (const column of this.columns) column.length = length;
  }
}

/** Returns measures of several runs over all their steps: the steps, then each measure of each run, null if missing. */
export function aligned(
  histories: readonly History[],
  measures: readonly Measure[],
): [number[], ...(number | null)[][]] {
  const place = histories.map(() => 0);
  const steps: number[] = [];
  const lines = histories.map(() => measures.map((): (number | null)[] => []));
  const next = (run: number) => histories[run].columns[0][place[run]] ?? Infinity;
  for (;;) {
    const step = Math.min(...histories.map((_, run) => next(run)));
    if (!Number.isFinite(step)) return [steps, ...lines.flat()];
    steps.push(step);
    for (const [run, history] of histories.entries()) {
      const here = next(run) === step;
      for (const [i, measure] of measures.entries()) lines[run][i].push(here ? history.of(measure)[place[run]] : null);
      if (here) place[run]++;
    }
  }
}
