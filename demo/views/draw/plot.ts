import { type Axis, evenAxis, logAxis, roundDown, roundUp, tickText } from './axis.js';
import { ink } from './ink.js';
import type { Sheet } from './sheet.js';

/** A line of a chart; `colour` is a name in the style sheet. */
export interface Line {
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly width?: number;
  /** Opacity of the area below the line. */
  readonly fill?: number;
}

/** The look of a chart. */
export interface ChartPlan {
  readonly lines: readonly Line[];
  /** A coloured area between two lines. */
  readonly band?: { readonly between: readonly [number, number]; readonly colour: string };
  readonly log?: boolean;
  /** Returns the range of the y axis for values from `low` to `high`. Default: from 0. */
  readonly y?: (low: number, high: number) => readonly [number, number];
  readonly ticks?: (value: number) => string;
  /** The x axis reaches at least this step. */
  readonly end?: number;
  /** Name of the x axis, before its first tick. */
  readonly name?: string;
  /** Draws over the lines. */
  readonly over?: (plot: Plot) => void;
  /** Called with the index of the data row under the cursor. */
  readonly cursor?: (row: number | undefined) => void;
}

/** Ascending steps, then the values of each line; null is a missing value. */
export type ChartData = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** A drawn chart: the box of its lines, and the maps from steps and values to pixels. */
export interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly em: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  x(step: number): number;
  y(value: number): number;
}

/** Room around the box in heights of its text: left and bottom hold the axes, right holds the runs' letters. */
const MARGIN = { left: 3.6, right: 1.8, top: 0.7, bottom: 2.1 };
const TICK = 4;
/** Least distance between two ticks, and between the texts of the x axis, in heights of the text. */
const SPACE = { x: 5, y: 2.2, texts: 1.5 };

/** Draws a chart on an empty sheet. */
export function drawPlot({ context, width, height, em }: Sheet, plan: ChartPlan, data: ChartData): Plot {
  const [steps, ...lines] = data;
  const box = {
    left: MARGIN.left * em,
    top: MARGIN.top * em,
    width: Math.max(1, width - (MARGIN.left + MARGIN.right) * em),
    height: Math.max(1, height - (MARGIN.top + MARGIN.bottom) * em),
  };
  const [first, last] = [steps.at(0) ?? 0, Math.max(steps.at(-1) ?? 0, plan.end ?? 0)];
  const apart = Math.max(SPACE.x * em, context.measureText(tickText(last)).width + SPACE.texts * em);
  const extent = { low: first, high: last > first ? last : first + 10, length: box.width, space: apart };
  const across = evenAxis(extent, 1);
  const up = upward(plan, lines, box.height, SPACE.y * em);
  const plot: Plot = {
    context,
    em,
    ...box,
    x: (step) => box.left + across.at(step),
    y: (value) => box.top + box.height - up.at(value),
  };
  drawAxes(plot, across, up, plan, width);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (plan.band) drawBand(plot, plan.band, data);
  for (const [i, line] of plan.lines.entries()) drawLine(plot, line, pointsOf(plot, steps, lines[i]));
  context.restore();
  context.save();
  plan.over?.(plot);
  context.restore();
  return plot;
}

function upward(plan: ChartPlan, lines: readonly (readonly (number | null)[])[], length: number, space: number): Axis {
  let [least, most] = [Infinity, -Infinity];
  for (const line of lines) {
    for (const value of line) {
      if (value === null) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  if (least > most) [least, most] = [plan.log ? 0.1 : 0, 1];
  const reach = plan.log ? logReach : (plan.y ?? fromZero);
  const [low, high] = reach(least, most);
  return (plan.log ? logAxis : evenAxis)({ low, high, length, space });
}

/** Returns a range that contains 0. */
const fromZero = (low: number, high: number) => [Math.min(0, low), high > 0 ? 1.05 * high : 1] as const;

/** Returns round numbers around the values, at most six decades apart. */
function logReach(low: number, high: number): [number, number] {
  const top = roundUp(Math.max(high, 1e-6));
  const bottom = roundDown(Math.max(low, 1e-6 * top));
  return [bottom < top ? bottom : top / 10, top];
}

/** Draws both axes; no text reaches beyond the sheet's width. */
function drawAxes(
  plot: Plot,
  across: Axis,
  up: Axis,
  { ticks: textOf = tickText, name = '' }: ChartPlan,
  sheetWidth: number,
): void {
  const { context, left, top, width, height } = plot;
  const bottom = top + height;
  context.lineWidth = 1;
  context.fillStyle = ink('faint');
  const rule = (x1: number, y1: number, x2: number, y2: number) => {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  };
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const [i, tick] of across.ticks.entries()) {
    const x = Math.round(left + across.at(tick)) + 0.5;
    context.strokeStyle = ink('rule', 0.7);
    rule(x, top, x, bottom);
    context.strokeStyle = ink('rule');
    rule(x, bottom, x, bottom + TICK);
    const text = i === 0 ? `${name} ${tickText(tick)}`.trim() : tickText(tick);
    const most = sheetWidth - context.measureText(text).width / 2;
    context.fillText(text, Math.min(x, most), bottom + TICK + 4);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of up.ticks) {
    const y = Math.round(bottom - up.at(tick)) + 0.5;
    context.strokeStyle = ink('rule', 0.7);
    rule(left, y, left + width, y);
    context.strokeStyle = ink('rule');
    rule(left - TICK, y, left, y);
    const text = textOf(tick);
    context.fillText(text, Math.max(left - TICK - 4, context.measureText(text).width), y);
  }
}

type Point = readonly [x: number, y: number];

/** Returns a line's points on the sheet; a missing value is skipped. */
function pointsOf(plot: Plot, steps: readonly number[], line: readonly (number | null)[]): Point[] {
  return steps.flatMap((step, i) => {
    const value = line[i];
    return value === null || value === undefined ? [] : [[plot.x(step), plot.y(value)] as const];
  });
}

function drawBand(plot: Plot, { between, colour }: NonNullable<ChartPlan['band']>, [steps, ...lines]: ChartData): void {
  const [there, back] = between.map((line) => pointsOf(plot, steps, lines[line]));
  fill(plot, [...there, ...back.reverse()], ink(colour, 0.16));
}

function drawLine(plot: Plot, { colour, dash, width = 1.5, fill: strength }: Line, points: readonly Point[]): void {
  if (points.length === 0) return;
  const { context } = plot;
  if (strength !== undefined) {
    const floor = plot.top + plot.height;
    fill(plot, [[points[0][0], floor], ...points, [points[points.length - 1][0], floor]], ink(colour, strength));
  }
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.lineWidth = (width * plot.em) / 13; // 13 pixels: the smallest text
  context.lineJoin = 'round';
  context.strokeStyle = ink(colour);
  context.setLineDash([...(dash ?? [])]);
  context.stroke();
}

function fill({ context }: Plot, points: readonly Point[], colour: string): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.fillStyle = colour;
  context.fill();
}
