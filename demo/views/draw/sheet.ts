/** An empty canvas, ready for drawing in CSS pixels. */
export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Height of its text in pixels; it grows with the page's. */
  readonly em: number;
}

/** Empties a canvas at its shown size and resolution. Returns undefined if it is not shown. */
export function sheetOf(canvas: HTMLCanvasElement): Sheet | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0 || height === 0) return undefined;
  const scale = devicePixelRatio;
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  // Keeps the canvas on the CPU: the GPU is for training, and a lost device does not take the picture along.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const em = 0.8125 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  context.font = `${em}px system-ui, sans-serif`;
  return { context, width, height, em };
}

/** Returns a picture of columns x rows pixels with the colours `colour(pixel)`, to be drawn at any size. */
export function pixels(
  columns: number,
  rows: number,
  colour: (pixel: number) => readonly [number, number, number],
): OffscreenCanvas {
  const picture = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  const { data } = image;
  for (let i = 0; i < columns * rows; i++) {
    [data[4 * i], data[4 * i + 1], data[4 * i + 2]] = colour(i);
    data[4 * i + 3] = 255;
  }
  picture.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
  return picture;
}

/** Returns a mixture of two colours: `from` at 0, `to` at 1. */
export function blend(
  from: readonly [number, number, number],
  to: readonly [number, number, number],
  share: number,
): [number, number, number] {
  const at = Math.min(1, Math.max(0, share));
  return [from[0] + (to[0] - from[0]) * at, from[1] + (to[1] - from[1]) * at, from[2] + (to[2] - from[2]) * at];
}
