/** Time for drawing in a frame; later draws wait for the next frame, so that the page stays responsive. */
const FRAME_MILLISECONDS = 8;

const waiting = new Set<() => void>();

/** Returns a function that calls `draw` once in one of the next frames, however often it is called before. */
export function onceAFrame(draw: () => void): () => void {
  return () => {
    if (waiting.size === 0) requestAnimationFrame(drawSome);
    waiting.add(draw);
  };
}

function drawSome(): void {
  const start = performance.now();
  try {
    for (const draw of waiting) {
      waiting.delete(draw);
      draw();
      if (performance.now() - start > FRAME_MILLISECONDS) break;
    }
  } finally {
    // After a draw that failed, too: else nothing on the page would be drawn again.
    if (waiting.size > 0) requestAnimationFrame(drawSome);
  }
}
