import type { Dataset } from 'wgrad';
import { type Sheet, sheetOf } from './canvas.js';

/** What is shown of the plane: 4 to 3, like the canvas. */
const REACH = { x: 2.4, y: 1.8 };
/** Places at which the network is asked. */
const GRID = { columns: 40, rows: 30 };

/** The places of the grid, [rows * columns, 2], from the top left. */
export const gridPlaces = Float32Array.from({ length: GRID.columns * GRID.rows * 2 }, (_, i) => {
  const place = i >> 1;
  const column = ((place % GRID.columns) + 0.5) / GRID.columns;
  const row = (Math.floor(place / GRID.columns) + 0.5) / GRID.rows;
  return i % 2 === 0 ? REACH.x * (2 * column - 1) : REACH.y * (1 - 2 * row);
});

const COLOURS = ['blue', 'orange'];

/** Draws the points over the network's answer, the logits [rows * columns, 2] at `gridPlaces`. */
export function drawBoundary(
  canvas: HTMLCanvasElement,
  logits: Float32Array,
  { train, validation }: { train: Dataset; validation: Dataset },
): void {
  const sheet = sheetOf(canvas);
  drawShade(sheet, logits);
  drawPoints(sheet, validation, false);
  drawPoints(sheet, train, true);
}

/** The colour of the more likely class, as opaque as the network is sure. */
function drawShade({ context, width, height, colour }: Sheet, logits: Float32Array): void {
  const small = new OffscreenCanvas(GRID.columns, GRID.rows);
  const brush = small.getContext('2d', { willReadFrequently: true });
  if (!brush) return;
  for (let i = 0; i < GRID.columns * GRID.rows; i++) {
    const lead = logits[2 * i + 1] - logits[2 * i];
    const sure = Math.tanh(Math.abs(lead) / 2); // |p1 - p0| of the softmax
    brush.fillStyle = colour(COLOURS[lead > 0 ? 1 : 0], 0.6 * sure);
    brush.fillRect(i % GRID.columns, Math.floor(i / GRID.columns), 1, 1);
  }
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, width, height);
}

function drawPoints({ context, width, height, colour }: Sheet, { x, y, examples }: Dataset, filled: boolean): void {
  for (let i = 0; i < examples; i++) {
    const across = ((x[2 * i] / REACH.x + 1) / 2) * width;
    const down = ((1 - x[2 * i + 1] / REACH.y) / 2) * height;
    context.beginPath();
    context.arc(across, down, 3.5, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = colour(COLOURS[y[i]]);
    context.lineWidth = 1.25;
    if (filled) {
      context.fill();
      context.strokeStyle = colour('panel');
    }
    context.stroke();
  }
}
