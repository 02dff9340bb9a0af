/** So many rows a history has at most, but for those of its beginning. */
export const MOST_ROWS = 1000;

/**
 * Steps between two measurements at first, a power of two: a batch without gradients takes a third of a step's arithmetic,
 * so that a quarter to a half of the time goes into measuring, the reading included.
 * @param examples that are measured
 */
export function firstSpacing(examples: number, batch: number): number {
  return 2 ** Math.max(2, Math.round(Math.log2(Math.ceil(examples / batch))));
}

/** Steps between two measurements at a step: doubled whenever a history with this spacing would be full. */
export function spacingAt(step: number, first: number): number {
  let spacing = first;
  while (step >= spacing * MOST_ROWS) spacing *= 2;
  return spacing;
}

/**
 * The next step after `step` at which is measured: the powers of two at the beginning, where most happens, then at even
 * distances. Nothing but the step and the first spacing decides it, so that the same address gives the same curves.
 */
export function nextMeasurement(step: number, first: number): number {
  if (step < first) return step === 0 ? 1 : 2 ** Math.floor(Math.log2(step) + 1);
  const spacing = spacingAt(step, first);
  return (Math.floor(step / spacing) + 1) * spacing;
}

/** Whether a history with measurements up to the step `last` keeps that of `step`. */
export function isKept(step: number, last: number, first: number): boolean {
  const isEarly = step < first && nextMeasurement(Math.max(0, step - 1), first) === step;
  return step === 0 || isEarly || step % spacingAt(last, first) === 0;
}
