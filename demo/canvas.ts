/** A canvas made ready to be drawn on in CSS pixels, empty. */
export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** A colour of the page's style sheet, such as `blue`, at an opacity. */
  colour(name: string, alpha?: number): string;
}

/** Empties a canvas, at the size and the resolution at which it is shown. */
export function sheetOf(canvas: HTMLCanvasElement): Sheet {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  // So the canvas stays on the CPU: the GPU is for training, and its loss does not take the picture along.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('the browser gives no 2-D canvas');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  return {
    context,
    width,
    height,
    colour: (name, alpha = 1) => `rgb(${style.getPropertyValue(`--${name}`)} / ${alpha})`,
  };
}
