import { onceAFrame } from '../../page/once-a-frame.js';
import { ink } from '../draw/ink.js';
import { type ChartData, type ChartPlan, drawPlot, type Plot } from '../draw/plot.js';
import { sheetOf } from '../draw/sheet.js';

/** The step under the pointer, shared by all charts. */
export class Cursor {
  readonly #listeners: ((step: number | undefined) => void)[] = [];

  move(step: number | undefined): void {
    for (const listener of this.#listeners) listener(step);
  }

  follow(listener: (step: number | undefined) => void): void {
    this.#listeners.push(listener);
  }
}

/** A chart over steps that fills its parent. */
export class Chart {
  readonly #canvas = document.createElement('canvas');
  /** The cursor has a canvas of its own, so that moving it does not redraw the chart. */
  readonly #over = document.createElement('canvas');
  readonly #drawOver = onceAFrame(() => this.#drawCursor());
  #plan: ChartPlan = { lines: [] };
  #data: ChartData = [[]];
  #plot: Plot | undefined;
  /** Index of the data row under the cursor. */
  #row: number | undefined;

  constructor(parent: HTMLElement, cursor: Cursor) {
    parent.append(this.#canvas, this.#over);
    new ResizeObserver(() => this.redraw()).observe(parent);
    for (const name of ['pointermove', 'pointerdown'] as const) {
      this.#over.addEventListener(name, ({ offsetX }) => {
        const row = this.#rowAt(offsetX);
        cursor.move(row === undefined ? undefined : this.#data[0][row]);
      });
    }
    this.#over.addEventListener('pointerleave', () => cursor.move(undefined));
    cursor.follow((step) => {
      this.#row = step === undefined ? undefined : nearest(this.#data[0], step);
      this.#drawOver();
    });
  }

  draw(plan: ChartPlan, data: ChartData): void {
    this.#plan = plan;
    this.#data = data;
    this.redraw();
  }

  /** Draws again, at the current size and in the current colours. */
  redraw(): void {
    const sheet = sheetOf(this.#canvas);
    this.#plot = sheet && drawPlot(sheet, this.#plan, this.#data);
    this.#drawOver();
  }

  #rowAt(x: number): number | undefined {
    const plot = this.#plot;
    const [steps] = this.#data;
    if (!plot) return undefined;
    const places = steps.map((step) => plot.x(step));
    return nearest(places, x);
  }

  #drawCursor(): void {
    const sheet = sheetOf(this.#over);
    const [steps, ...lines] = this.#data;
    const row = this.#row;
    const isOver = this.#plot !== undefined && row !== undefined && row < steps.length;
    this.#plan.cursor?.(isOver ? row : undefined);
    if (!sheet || !isOver || !this.#plot) return;
    const { context } = sheet;
    const { x, y, top, height } = this.#plot;
    const at = x(steps[row]);
    context.fillStyle = ink('faint');
    context.fillRect(Math.round(at), top, 1, height);
    for (const [i, { colour }] of this.#plan.lines.entries()) {
      const value = lines[i][row];
      if (value === null) continue;
      context.fillStyle = ink(colour);
      context.beginPath();
      context.arc(at, y(value), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** Returns the index of the element nearest to `value` in an ascending list; undefined if the list is empty. */
function nearest(rising: readonly number[], value: number): number | undefined {
  if (rising.length === 0) return undefined;
  let [low, high] = [0, rising.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle;
    else high = middle;
  }
  return rising[high] - value < value - rising[low] ? high : low;
}
