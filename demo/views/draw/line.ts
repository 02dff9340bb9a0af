import type { DataFacts } from '../../contract/protocol.js';
import { ink } from './ink.js';
import { placeOf } from './plane.js';
import { drawPairs, drawPen, type Pen } from './points.js';
import { sheetOf } from './sheet.js';

/** A curve over x; a deviation adds a band around it. */
export interface Curve {
  readonly colour: string;
  readonly y: Float32Array;
  readonly dash?: readonly number[];
  readonly deviation?: Float32Array;
}

/** Draws curves over the data of one feature. */
export function drawCurves(
  canvas: HTMLCanvasElement,
  x: Float32Array,
  curves: readonly Curve[],
  data: DataFacts | undefined,
  pen: Pen = {},
): void {
  canvas.style.aspectRatio = '4 / 3';
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const { context } = sheet;
  const { y } = curves[0];
  const reach = { left: x[0], right: x[x.length - 1], bottom: Math.min(...y), top: Math.max(...y) };
  const place = placeOf(sheet, data?.points?.reach ?? reach);
  for (const { colour, y, deviation } of curves) {
    if (!deviation) continue;
    context.beginPath();
    for (let i = 0; i < x.length; i++) context.lineTo(place.x(x[i]), place.y(y[i] + 2 * deviation[i]));
    for (let i = x.length - 1; i >= 0; i--) context.lineTo(place.x(x[i]), place.y(y[i] - 2 * deviation[i]));
    context.fillStyle = ink(colour, 0.25);
    context.fill();
  }
  if (data) drawPairs(sheet, data, place);
  context.lineWidth = 2;
  for (const { colour, y, dash } of curves) {
    context.setLineDash([...(dash ?? [])]);
    context.strokeStyle = ink(colour);
    context.beginPath();
    for (let i = 0; i < x.length; i++) context.lineTo(place.x(x[i]), place.y(y[i]));
    context.stroke();
  }
  context.setLineDash([]);
  drawPen(sheet, pen, place);
}
