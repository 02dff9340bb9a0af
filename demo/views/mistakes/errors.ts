import { ink } from '../draw/ink.js';
import { placeOf } from '../draw/plane.js';
import { sheetOf } from '../draw/sheet.js';

/** Returns the root mean square error of pairs of target and answer. */
export function errorOf(pairs: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < pairs.length; i += 2) squares += (pairs[i] - pairs[i + 1]) ** 2;
  return Math.sqrt((2 * squares) / pairs.length);
}

/** Draws answers against targets; a right answer lies on the diagonal. */
export function drawErrors(canvas: HTMLCanvasElement, pairs: Float32Array, colour: string): void {
  const sheet = sheetOf(canvas);
  if (!sheet) return;
  const [low, high] = [
    pairs.reduce((least, each) => Math.min(least, each)),
    pairs.reduce((most, each) => Math.max(most, each)),
  ];
  const { context } = sheet;
  const place = placeOf(sheet, { left: low, right: high, bottom: low, top: high });
  context.strokeStyle = ink('faint');
  context.beginPath();
  context.moveTo(place.x(low), place.y(low));
  context.lineTo(place.x(high), place.y(high));
  context.stroke();
  context.fillStyle = ink(colour, 0.7);
  for (let i = 0; i < pairs.length; i += 2) {
    context.fillRect(place.x(pairs[i]) - 1.5, place.y(pairs[i + 1]) - 1.5, 3, 3);
  }
}
