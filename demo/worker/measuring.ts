/** Most rows of a history, not counting those of its beginning. */
export const MOST_ROWS = 1000;

/**
 * Returns the steps between two measurements at first, a power of two. A batch without gradients takes a third of a
 * step's arithmetic, so that a quarter to a half of the time goes into measuring, reading included.
 * @param examples number of examples that are measured
 */
export function firstSpacing(examples: number, batch: number): number {
  return 2 ** Math.max(2, Math.round(Math.log2(Math.ceil(examples / batch))));
}

/**
 * Returns the steps between two measurements at a step: they double whenever a history with this spacing would be full.
 */
export function spacingAt(step: number, first: number): number {
  let spacing = first;
  while (step >= spacing * MOST_ROWS) spacing *= 2;
  return spacing;
}

/**
 * Returns the next step after `step` that is measured: powers of two at the beginning, where most happens, then equal
 * distances. It depends on the step and the first spacing alone, so that an address always gives the same curves.
 */
export function nextMeasurement(step: number, first: number): number {
  if (step < first) return step === 0 ? 1 : 2 ** Math.floor(Math.log2(step) + 1);
  const spacing = spacingAt(step, first);
  return (Math.floor(step / spacing) + 1) * spacing;
}

/** Returns true if a history that reaches the step `last` keeps the measurement of `step`. */
export function isKept(step: number, last: number, first: number): boolean {
  const isEarly = step < first && nextMeasurement(Math.max(0, step - 1), first) === step;
  return step === 0 || isEarly || step % spacingAt(last, first) === 0;
}
