import type { Spot } from '../../contract/edits.js';
import type { PointEditor } from './point-editor.js';

/** Step of an arrow key, and of one with Shift, as a share of the figure. */
const STRIDE = { wide: 1 / 40, fine: 1 / 160 };
const ARROWS: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * Lets the keyboard edit: arrows move a cross or, once Enter has taken it, the chosen point; Page Up and Page Down choose a
 * point, Enter adds one at the cross, Delete removes one.
 */
export function listenForKeys(figures: HTMLElement, editor: PointEditor): void {
  let isHeld = false;
  const putDown = () => {
    isHeld = false;
    editor.putDown();
  };
  const walk = (by: number) => {
    const count = editor.data?.train ?? 0;
    putDown();
    const from = editor.chosen ?? (by > 0 ? -1 : count);
    editor.choose((from + by + count) % count);
    editor.point(editor.placeOf(editor.chosen ?? 0));
  };
  figures.addEventListener('keydown', (event) => {
    const { key, target, shiftKey } = event;
    const reach = editor.data?.points?.reach;
    if (!reach || !(target instanceof HTMLCanvasElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const cursor = editor.cursor ?? { x: (reach.left + reach.right) / 2, y: (reach.bottom + reach.top) / 2 };
    const arrow = ARROWS[key];
    if (arrow) {
      const share = shiftKey ? STRIDE.fine : STRIDE.wide;
      const to: Spot = {
        x: clamp(cursor.x + arrow[0] * share * (reach.right - reach.left), reach.left, reach.right),
        y: clamp(cursor.y + arrow[1] * share * (reach.top - reach.bottom), reach.bottom, reach.top),
      };
      if (!isHeld) editor.choose(undefined);
      editor.point(to);
      if (isHeld && editor.chosen !== undefined) editor.move(editor.chosen, to);
    } else if (key === 'PageDown' || key === 'PageUp') walk(key === 'PageDown' ? 1 : -1);
    else if (key === 'Enter') {
      editor.point(cursor);
      if (isHeld) putDown();
      else if (editor.chosen !== undefined) isHeld = true;
      else editor.add(cursor, shiftKey);
    } else if (key === 'Delete' || key === 'Backspace') {
      putDown();
      editor.remove(editor.chosen);
    } else if (key === 'Escape') {
      putDown();
      editor.choose(undefined);
      editor.point(undefined);
    } else return;
    event.preventDefault();
  });
  figures.addEventListener('focusout', () => {
    putDown();
    editor.point(undefined);
  });
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
