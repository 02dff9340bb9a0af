import { type Sheet, sheetOf } from './canvas.js';
import type { History, Point } from './history.js';

/** Room for the numbers on the axes. */
const MARGIN = { left: 40, right: 8, top: 8, bottom: 32 };

/** Each line, as the style sheet has it in the legend. */
const LINES = [
  { key: 'penalty', colour: 'grey', dash: [2, 3] },
  { key: 'validation', colour: 'orange', dash: [6, 4] },
  { key: 'train', colour: 'blue', dash: [] },
] as const satisfies { key: keyof Point; colour: string; dash: number[] }[];

/** From the numbers of a chart to its pixels. */
interface Scale {
  readonly x: (epoch: number) => number;
  readonly y: (loss: number) => number;
  readonly epochs: number;
  readonly loss: number;
}

/** Draws the losses of a run by epoch. */
export function drawLosses(canvas: HTMLCanvasElement, { points, changes }: History): void {
  const sheet = sheetOf(canvas);
  const scale = scaleOf(sheet, points);
  drawAxes(sheet, scale);
  drawChanges(sheet, scale, changes);
  for (const { key, colour, dash } of LINES)
    drawLine(sheet, scale, points, { key, colour: sheet.colour(colour), dash });
}

function scaleOf({ width, height }: Sheet, points: readonly Point[]): Scale {
  const epochs = Math.max(10, points.at(-1)?.epoch ?? 0);
  // One wild epoch, or a penalty that has just been turned on, must not flatten what there is to see: the axis follows the
  // losses, and ends at twice that of a coin toss.
  const highest = points.reduce((most, { train, validation }) => Math.max(most, train, validation), 0);
  const loss = Math.min(2 * Math.LN2, Math.max(0.1, 1.05 * highest));
  const across = width - MARGIN.left - MARGIN.right;
  const up = height - MARGIN.top - MARGIN.bottom;
  return {
    epochs,
    loss,
    x: (epoch) => MARGIN.left + (across * epoch) / epochs,
    y: (value) => MARGIN.top + up * (1 - Math.min(value, loss) / loss),
  };
}

/** 1, 2 or 5 times a power of ten, so that it fits at most `most` times into `range`. */
function stepOf(range: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(range / most));
  return power * ([1, 2, 5].find((factor) => range / (power * factor) <= most) ?? 10);
}

function drawAxes({ context, width, height, colour }: Sheet, { x, y, epochs, loss }: Scale): void {
  context.font = '12px system-ui, sans-serif';
  context.fillStyle = colour('faint');
  context.strokeStyle = colour('rule');
  context.lineWidth = 1;
  const step = stepOf(loss, 8);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let i = 0; i * step <= loss; i++) {
    const at = Math.round(y(i * step)) + 0.5;
    context.beginPath();
    context.moveTo(MARGIN.left, at);
    context.lineTo(width - MARGIN.right, at);
    context.stroke();
    context.fillText(String(Number((i * step).toPrecision(2))), MARGIN.left - 6, at);
  }
  const stride = stepOf(epochs, 5);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (let epoch = 0; epoch <= epochs; epoch += stride) {
    if (x(epoch) < width - 60) context.fillText(epoch.toLocaleString('en'), x(epoch), height - MARGIN.bottom + 6);
  }
  context.textAlign = 'right';
  context.fillText('epoch', width - MARGIN.right, height - MARGIN.bottom + 6);
}

/** A thin line where a control was moved. */
function drawChanges({ context, height, colour }: Sheet, { x }: Scale, changes: readonly number[]): void {
  context.strokeStyle = colour('faint', 0.5);
  for (const epoch of changes) {
    context.beginPath();
    context.moveTo(x(epoch), MARGIN.top);
    context.lineTo(x(epoch), height - MARGIN.bottom);
    context.stroke();
  }
}

interface Line {
  readonly key: (typeof LINES)[number]['key'];
  readonly colour: string;
  readonly dash: readonly number[];
}

function drawLine({ context }: Sheet, { x, y }: Scale, points: readonly Point[], { key, colour, dash }: Line): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash([...dash]);
  context.beginPath();
  for (const point of points) context.lineTo(x(point.epoch), y(point[key]));
  context.stroke();
  context.setLineDash([]);
}
