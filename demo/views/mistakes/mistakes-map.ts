import type { DataFacts } from '../../contract/protocol.js';
import { canvas } from '../../page/element.js';
import { ink } from '../draw/ink.js';
import { placeOf } from '../draw/plane.js';
import { drawPoints } from '../draw/points.js';
import { sheetOf } from '../draw/sheet.js';

/**
 * Rings the mistakes among validation examples of two features. Returns false if they have another number of features.
 */
export function drawMistakes(data: DataFacts | undefined, wrong: Uint32Array): boolean {
  const shown = canvas('mistakes-canvas');
  const points = data?.features === 2 ? data.points : undefined;
  shown.hidden = !points;
  if (!data || !points) return false;
  shown.style.aspectRatio = '4 / 3';
  const sheet = sheetOf(shown);
  if (!sheet) return true;
  const x = points.x.subarray(2 * data.train);
  const across = x.filter((_, i) => i % 2 === 0);
  const up = x.filter((_, i) => i % 2 === 1);
  const room = 0.3;
  const reach = {
    left: Math.min(...across) - room,
    right: Math.max(...across) + room,
    bottom: Math.min(...up) - room,
    top: Math.max(...up) + room,
  };
  const place = placeOf(sheet, reach);
  drawPoints(sheet, { ...data, train: 0, points: { ...points, x, y: points.y.subarray(data.train) } }, place);
  const { context } = sheet;
  context.strokeStyle = ink('bad');
  context.lineWidth = 1.5;
  for (const index of wrong) {
    context.beginPath();
    context.arc(place.x(x[2 * index]), place.y(x[2 * index + 1]), 6, 0, 2 * Math.PI);
    context.stroke();
  }
  return true;
}
