import { ink } from './ink.js';
import type { Sheet } from './sheet.js';

/**
 * Draws the line where a field crosses 0, by marching squares. `field(i)` is the value in the middle of cell i of a grid of
 * columns x rows over the sheet, from the top left.
 */
export function drawBoundary(sheet: Sheet, columns: number, rows: number, field: (cell: number) => number): void {
  const { context, width, height, em } = sheet;
  const [dx, dy] = [width / columns, height / rows];
  context.beginPath();
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const corners = [field(at), field(at + 1), field(at + columns), field(at + columns + 1)] as const;
      const isOneSide = corners.every((corner) => corner > 0 === corners[0] > 0);
      if (isOneSide) continue;
      for (const [x1, y1, x2, y2] of crossings(...corners)) {
        context.moveTo((column + 0.5 + x1) * dx, (row + 0.5 + y1) * dy);
        context.lineTo((column + 0.5 + x2) * dx, (row + 0.5 + y2) * dy);
      }
    }
  }
  context.lineWidth = 0.15 * em;
  context.lineCap = 'round';
  context.strokeStyle = ink('ink', 0.85);
  context.stroke();
}

/** Returns the lines across a square of these corners, with coordinates from 0 to 1. */
export function crossings(topLeft: number, topRight: number, bottomLeft: number, bottomRight: number) {
  const between = (a: number, b: number) => a / (a - b);
  const ends: [number, number][] = [];
  if (topLeft > 0 !== topRight > 0) ends.push([between(topLeft, topRight), 0]);
  if (topRight > 0 !== bottomRight > 0) ends.push([1, between(topRight, bottomRight)]);
  if (bottomLeft > 0 !== bottomRight > 0) ends.push([between(bottomLeft, bottomRight), 1]);
  if (topLeft > 0 !== bottomLeft > 0) ends.push([0, between(topLeft, bottomLeft)]);
  const lines: [number, number, number, number][] = [];
  for (let i = 0; i + 1 < ends.length; i += 2) lines.push([...ends[i], ...ends[i + 1]]);
  return lines;
}
