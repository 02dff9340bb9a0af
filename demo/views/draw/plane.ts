import type { DataFacts } from '../../contract/protocol.js';
import type { Reach } from '../../contract/view-facts.js';
import { drawBoundary } from './boundary.js';
import { triple } from './ink.js';
import { classColour, drawPen, drawPoints, type Pen, type Place } from './points.js';
import { blend, pixels, type Sheet, sheetOf } from './sheet.js';

/** A network's answer over the plane: the likeliest class of each place, and the strength of its colour, 0 to 1. */
export interface Plane {
  readonly columns: number;
  readonly rows: number;
  readonly reach: Reach;
  readonly winner: Uint8Array;
  readonly strength: (pixel: number) => number;
}

/** Draws the answers of a network with the data over them. */
export function drawPlane(canvas: HTMLCanvasElement, plane: Plane, data: DataFacts | undefined, pen: Pen = {}): void {
  const { columns, rows, reach, winner, strength } = plane;
  canvas.style.aspectRatio = String((reach.right - reach.left) / (reach.top - reach.bottom));
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const ground = triple('ground');
  const colours = Array.from({ length: Math.max(...winner) + 1 }, (_, label) => triple(classColour(label)));
  const picture = pixels(columns, rows, (i) => blend(ground, colours[winner[i]], 0.4 * strength(i)));
  sheet.context.imageSmoothingQuality = 'high';
  sheet.context.drawImage(picture, 0, 0, sheet.width, sheet.height);
  if (colours.length <= 2) drawBoundary(sheet, columns, rows, (i) => (winner[i] === 0 ? -1 : 1) * strength(i));
  const place = placeOf(sheet, reach);
  if (data) drawPoints(sheet, data, place);
  drawPen(sheet, pen, place);
}

export function placeOf({ width, height }: Sheet, { left, right, bottom, top }: Reach): Place {
  return {
    x: (value) => (width * (value - left)) / (right - left),
    y: (value) => (height * (top - value)) / (top - bottom),
  };
}
