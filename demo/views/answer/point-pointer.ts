import type { Spot } from '../../contract/edits.js';
import type { PointEditor } from './point-editor.js';

/** Pixels around a pointer in which a point is meant, of a mouse or pen and of a finger. */
const NEAR = { mouse: 9, pen: 12, touch: 20 };
/** A press that moves less is no drag. */
const STILL = 4;

/** A press of the pointer: on a point, or on an empty place. */
interface Press {
  readonly x: number;
  readonly y: number;
  readonly point: number | undefined;
  readonly isOther: boolean;
  hasMoved: boolean;
}

/** Lets the pointer edit: a press on an empty place adds a point, a drag moves one, a press of the right button removes one. */
export function listenForPointer(figures: HTMLElement, editor: PointEditor): void {
  let press: Press | undefined;
  const near = ({ pointerType }: PointerEvent) =>
    pointerType === 'touch' || pointerType === 'pen' ? NEAR[pointerType] : NEAR.mouse;
  const canvasOf = ({ target }: Event) => (editor.data && target instanceof HTMLCanvasElement ? target : undefined);
  const end = () => {
    press = undefined;
    editor.putDown();
  };
  figures.addEventListener('pointerdown', (event) => {
    const canvas = canvasOf(event);
    if (!canvas || event.button !== 0) return;
    const { offsetX: x, offsetY: y } = event;
    const point = pointNear(editor, canvas, { x, y }, near(event));
    press = { x, y, point, isOther: event.shiftKey, hasMoved: false };
    editor.choose(point);
    if (point !== undefined) canvas.setPointerCapture(event.pointerId);
  });
  figures.addEventListener('pointermove', (event) => {
    const canvas = canvasOf(event);
    if (!canvas) return;
    const at = { x: event.offsetX, y: event.offsetY };
    if (!press) {
      canvas.style.cursor = pointNear(editor, canvas, at, near(event)) === undefined ? 'crosshair' : 'grab';
      return;
    }
    press.hasMoved ||= Math.hypot(at.x - press.x, at.y - press.y) >= STILL;
    if (press.point !== undefined && press.hasMoved) editor.move(press.point, spotAt(editor, canvas, at));
  });
  figures.addEventListener('pointerup', (event) => {
    const canvas = canvasOf(event);
    if (canvas && press && press.point === undefined && !press.hasMoved) {
      editor.add(spotAt(editor, canvas, press), press.isOther);
    }
    end();
  });
  figures.addEventListener('pointercancel', end);
  // A finger on a point drags it; elsewhere it scrolls the page.
  figures.addEventListener(
    'touchstart',
    (event) => {
      if (press?.point !== undefined) event.preventDefault();
    },
    { passive: false },
  );
  figures.addEventListener('contextmenu', (event) => {
    const canvas = canvasOf(event);
    const point = canvas && pointNear(editor, canvas, { x: event.offsetX, y: event.offsetY }, NEAR.mouse);
    if (point === undefined) return;
    event.preventDefault();
    editor.remove(point);
  });
}

/** Returns the place of the figure at a pixel of its canvas. */
function spotAt({ data }: PointEditor, canvas: HTMLCanvasElement, { x, y }: Spot): Spot {
  const { left, right, bottom, top } = data?.points?.reach ?? { left: 0, right: 1, bottom: 0, top: 1 };
  const share = (value: number, of: number) => Math.min(1, Math.max(0, value / of));
  return {
    x: left + (right - left) * share(x, canvas.clientWidth),
    y: top - (top - bottom) * share(y, canvas.clientHeight),
  };
}

/** Returns the index of the training point nearest to a pixel, if one is within so many pixels. */
function pointNear(editor: PointEditor, canvas: HTMLCanvasElement, at: Spot, pixels: number): number | undefined {
  const { points, train = 0 } = editor.data ?? {};
  if (!points) return undefined;
  const { left, right, bottom, top } = points.reach;
  const spot = spotAt(editor, canvas, at);
  const scale = { x: canvas.clientWidth / (right - left), y: canvas.clientHeight / (top - bottom) };
  let [nearest, least]: [number | undefined, number] = [undefined, pixels];
  for (let i = 0; i < train; i++) {
    const place = editor.placeOf(i);
    const distance = place ? Math.hypot((place.x - spot.x) * scale.x, (place.y - spot.y) * scale.y) : Infinity;
    if (distance <= least) [nearest, least] = [i, distance];
  }
  return nearest;
}
