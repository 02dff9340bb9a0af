/** Drawing gets this much of a frame; what is left of it waits for the next one, so that the page answers at once. */
const FRAME_MILLISECONDS = 8;

const waiting = new Set<() => void>();

/** A function that calls `draw` in one of the next frames, once, however often it is called until then. */
export function onceAFrame(draw: () => void): () => void {
  return () => {
    if (waiting.size === 0) requestAnimationFrame(drawSome);
    waiting.add(draw);
  };
}

function drawSome(): void {
  const start = performance.now();
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - start > FRAME_MILLISECONDS) break;
  }
  if (waiting.size > 0) requestAnimationFrame(drawSome);
}
