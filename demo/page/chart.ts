import uPlot from 'uplot';
import { ink } from './ink.js';

/** A line of a chart; its colour is a name of the style sheet. */
export interface Line {
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly width?: number;
  readonly fill?: number;
}

/** What a chart is like; it is made anew when this changes. */
export interface ChartPlan {
  readonly lines: readonly Line[];
  readonly bands?: readonly { readonly lines: readonly [number, number]; readonly colour: string }[];
  readonly log?: boolean;
  /** Where the y axis ends at least, and where it may not go beyond. */
  readonly y?: (low: number, high: number) => [number, number];
  readonly ticks?: (value: number) => string;
  /** Drawn over the lines. */
  readonly over?: (plot: uPlot) => void;
  readonly cursor?: (plot: uPlot) => void;
}

/** There are no half steps. */
const WHOLE = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((factor) => factor * 10 ** power)).flat();

const FONT = '11px system-ui, sans-serif';

/** A chart by step, as large as its parent. The cursors of all charts move together. */
export class Chart {
  readonly #parent: HTMLElement;
  #plot: uPlot | undefined;
  #plan = '';

  constructor(parent: HTMLElement) {
    this.#parent = parent;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(parent);
  }

  draw(plan: ChartPlan, data: (number | null)[][]): void {
    const like = JSON.stringify(plan);
    if (like !== this.#plan) {
      this.#plot?.destroy();
      this.#plot = undefined;
    }
    this.#plan = like;
    this.#plot ??= new uPlot(optionsOf(plan, this.#size()), [[], ...plan.lines.map(() => [])], this.#parent);
    this.#plot.setData(data as uPlot.AlignedData);
  }

  /** Draws once more, in the colours of now. */
  redraw(): void {
    this.#plot?.redraw(false, true);
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(120, this.#parent.clientWidth), height: Math.max(80, this.#parent.clientHeight) };
  }
}

function optionsOf(plan: ChartPlan, size: { width: number; height: number }): uPlot.Options {
  const axis = { stroke: () => ink('faint'), font: FONT, grid: { stroke: () => ink('rule', 0.7), width: 1 } };
  const ticks = { stroke: () => ink('rule'), width: 1, size: 4 };
  return {
    ...size,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, sync: { key: 'steps' }, points: { size: 5 } },
    scales: {
      x: { time: false, range: (_, low, high) => [low ?? 0, high > low ? high : (low ?? 0) + 10] },
      y: plan.log
        ? { distr: 3, range: (_, low, high) => logRange(low, high) }
        : { range: (_, low, high) => (plan.y ?? fromZero)(low ?? 0, high ?? 1) },
    },
    axes: [
      { ...axis, ticks, size: 24, gap: 3, space: 60, incrs: WHOLE },
      {
        ...axis,
        ticks,
        size: 44,
        gap: 3,
        space: 28,
        ...(plan.ticks && { values: (_, values) => values.map((v) => (v === null ? '' : (plan.ticks?.(v) ?? ''))) }),
      },
    ],
    series: [{}, ...plan.lines.map(seriesOf)],
    bands: plan.bands?.map(({ lines: [from, to], colour }) => ({
      series: [from + 1, to + 1],
      fill: () => ink(colour, 0.16),
    })),
    hooks: { draw: plan.over ? [plan.over] : [], setCursor: plan.cursor ? [plan.cursor] : [] },
  };
}

function seriesOf({ colour, dash, width = 1.5, fill }: Line): uPlot.Series {
  return {
    stroke: () => ink(colour),
    width,
    dash: dash ? [...dash] : undefined,
    fill: fill === undefined ? undefined : () => ink(colour, fill),
    spanGaps: true,
    points: { show: false },
  };
}

/** From 0, unless something is below. */
const fromZero = (low: number, high: number): [number, number] => [Math.min(0, low), high > 0 ? 1.05 * high : 1];

/** Whole powers of ten, four of them at least from the top. */
function logRange(low: number | null, high: number | null): [number, number] {
  const top = 10 ** Math.ceil(Math.log10(Math.max(high ?? 1, 1e-6)));
  return [Math.min(top / 10, Math.max(10 ** Math.floor(Math.log10(Math.max(low ?? top, 1e-7))), top * 1e-6)), top];
}
