import { button, canvas, element } from '../../page/element.js';

/** Side of the drawing area and of the digit for the network, in pixels. */
const SIDE = 280;
const DIGIT = 28;
const PEN = 22;
/** Digits of MNIST fill a box of 20 x 20 in 28 x 28 pixels, with their centre of mass in the middle. */
const BOX = 20;
const STRIDE = 8;

/**
 * Lets a person draw a digit, and calls `changed` after each stroke. Returns a function that yields it, centred like
 * MNIST's.
 */
export function listenForDrawing(changed: () => void): () => { drawing?: Float32Array } {
  const pad = canvas('drawing');
  const context = pad.getContext('2d', { willReadFrequently: true });
  if (!context) return () => ({});
  let isEmpty = true;
  let pen = { x: SIDE / 2, y: SIDE / 2 };
  const clear = () => {
    context.fillStyle = 'black';
    context.fillRect(0, 0, SIDE, SIDE);
    isEmpty = true;
  };
  const drawTo = (x: number, y: number) => {
    context.strokeStyle = 'white';
    context.lineWidth = PEN;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(pen.x, pen.y);
    context.lineTo(x, y);
    context.stroke();
    pen = { x, y };
    isEmpty = false;
  };
  const showPen = () => {
    const { style } = element('pen', HTMLElement);
    style.left = `${(100 * pen.x) / SIDE}%`;
    style.top = `${(100 * pen.y) / SIDE}%`;
  };
  const place = ({ offsetX, offsetY }: PointerEvent) => {
    return { x: (offsetX * SIDE) / pad.clientWidth, y: (offsetY * SIDE) / pad.clientHeight };
  };
  pad.addEventListener('pointerdown', (event) => {
    pad.setPointerCapture(event.pointerId);
    pen = place(event);
    drawTo(pen.x, pen.y);
  });
  pad.addEventListener('pointermove', (event) => {
    if (!pad.hasPointerCapture(event.pointerId)) return;
    const { x, y } = place(event);
    drawTo(x, y);
  });
  pad.addEventListener('pointerup', () => changed());
  pad.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const at = (value: number) => Math.min(SIDE - PEN, Math.max(PEN, value));
    const [x, y] = [at(pen.x + STRIDE * move[0]), at(pen.y + STRIDE * move[1])];
    if (event.shiftKey) drawTo(x, y);
    else pen = { x, y };
    showPen();
    if (event.shiftKey) changed();
  });
  button('clear-drawing').addEventListener('click', () => {
    clear();
    changed();
  });
  clear();
  showPen();
  return () => (isEmpty ? {} : { drawing: digitOf(context.getImageData(0, 0, SIDE, SIDE)) });
}

/** Returns the drawing as a digit of 28 x 28 in [0, 1], scaled and centred like those of MNIST. */
function digitOf({ data }: ImageData): Float32Array {
  let [left, right, top, bottom] = [SIDE, 0, SIDE, 0];
  let [mass, middleX, middleY] = [0, 0, 0];
  for (let i = 0; i < SIDE * SIDE; i++) {
    const value = data[4 * i];
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    if (value < 128) continue;
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    mass += value;
    middleX += value * x;
    middleY += value * y;
  }
  if (mass === 0) return new Float32Array(DIGIT * DIGIT);
  const scale = BOX / Math.max(right - left + 1, bottom - top + 1);
  const small = new OffscreenCanvas(DIGIT, DIGIT).getContext('2d', { willReadFrequently: true });
  const whole = new OffscreenCanvas(SIDE, SIDE);
  whole.getContext('2d')?.putImageData(new ImageData(data, SIDE, SIDE), 0, 0);
  if (!small) return new Float32Array(DIGIT * DIGIT);
  small.imageSmoothingQuality = 'high';
  const [x, y] = [DIGIT / 2 - (scale * middleX) / mass, DIGIT / 2 - (scale * middleY) / mass];
  small.drawImage(whole, x, y, SIDE * scale, SIDE * scale);
  const pixels = small.getImageData(0, 0, DIGIT, DIGIT).data;
  return Float32Array.from({ length: DIGIT * DIGIT }, (_, i) => pixels[4 * i] / 255);
}
