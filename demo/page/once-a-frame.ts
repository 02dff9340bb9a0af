/** A function that calls `draw` before the next frame, once, however often it is called until then. */
export function onceAFrame(draw: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      draw();
    });
  };
}
