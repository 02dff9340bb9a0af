/**
 * The rule by which good states are kept. Steps are judged in windows, by their mean loss, so that the states that are kept
 * are a function of the training alone, whenever its metrics are read.
 *
 * Two states are kept. The newer one is from the end of the last good window, and may already be spoiled: a window tells
 * how the steps in it went, not what the last of them did to the states. The older one was followed by a whole good window,
 * and is the one that training goes back to. Both are those at the start until two windows were good.
 *
 * The constants were measured on ten networks with three optimizers, noisy targets, and batches of 1, 4, 16 and 64 rows
 * that train well: of batches of 4 rows or more every window is good, of those of 1 row 92 % are, and the good states are
 * 112 steps old at most. A tolerance of 1.5 would refuse 22 % of the latter, and 3 would keep states three times as bad.
 */

/** Steps of a window, unless the ring has fewer slots: a divergence costs one to three of them. */
const WINDOW = 16;
/** A window is good if its mean loss is at most so many times the best one. */
export const TOLERANCE = 2;
/**
 * The best loss is forgotten slowly, by this share a window, so that a training that settles higher is kept again: one that
 * settles ten times as high after 430 steps. A loss that grows more slowly, by 0.4 % a step, is followed.
 */
export const FORGET = 1 / 16;
/** The first best loss is so many times the loss of the first step: batches may be small, and one of them lucky. */
export const FIRST = 8;
/** The best loss is at least this share of the first one, so that it can be forgotten. */
export const FLOOR = 2 ** -30;
/** The least best loss, so that 0 can be forgotten too. */
export const LEAST = 1e-30;

/** Returns the steps of a window where the ring has so many slots. */
export const windowSteps = (slots: number) => Math.min(WINDOW, slots);

/** The measures of one member in the steps of a window. */
export interface WindowMeasures {
  /** Steps taken at its end. */
  readonly steps: number;
  /** Sums of the losses in it, and in its first step; NaN for a step that has not run. */
  readonly loss: number;
  readonly firstLoss: number;
  /** Sums of the weights, or numbers, of the examples in it, and in its first step. */
  readonly weight: number;
  readonly firstWeight: number;
  /** True if a metric or a state was not finite. */
  readonly isBad: boolean;
}

/** One member's kept states, in two slots. */
export interface Kept {
  /** The slot that was written last. */
  readonly newer: 0 | 1;
  /** The steps that the states of each slot had taken. */
  readonly steps: readonly [number, number];
  /** True if the last window was good. */
  readonly isGood: boolean;
  /** Steps taken at the end of the first window in which something was not finite: nothing is kept after it. */
  readonly ended?: number | undefined;
  /** The best mean loss, and the least that it may become; missing before the first window. */
  readonly best?: number | undefined;
  readonly floor: number;
}

/** Returns what is kept where the states after `steps` steps are in both slots. */
export const startKept = (steps: number): Kept => ({ newer: 0, steps: [steps, steps], isGood: true, floor: 0 });

/** Returns what is kept after training went back to the older slot, whose states are then in both. */
export function goneBack(kept: Kept): Kept {
  const { best, floor } = kept;
  return { ...startKept(goodSteps(kept)), best, floor };
}

/** Returns the steps of the states that training goes back to. */
export const goodSteps = ({ newer, steps }: Kept) => steps[1 - newer];

/** Returns what is kept after a window, and the slot that its last states go into, if they do. */
export function judgeWindow(kept: Kept, window: WindowMeasures): { kept: Kept; slot?: 0 | 1 } {
  const { fround } = Math;
  if (kept.ended !== undefined) return { kept };
  if (window.isBad) return { kept: { ...kept, ended: window.steps } };
  const mean = fround(fround(window.loss) / fround(Math.max(window.weight, LEAST)));
  let { best, floor } = kept;
  if (best === undefined) {
    const first = fround(fround(window.firstLoss) / fround(Math.max(window.firstWeight, LEAST)));
    floor = Math.max(fround(first * FLOOR), fround(LEAST));
    best = Math.max(fround(first * FIRST), floor);
  }
  const isGood = mean <= fround(TOLERANCE * best);
  if (!Number.isFinite(mean) || !Number.isFinite(best)) return { kept: { ...kept, isGood: false } };
  best = Math.max(Math.min(fround(best * (1 + FORGET)), mean), floor);
  if (!isGood) return { kept: { ...kept, isGood, best, floor } };
  // States before a good window are good; those before a bad one may be spoiled, so they are overwritten.
  const slot = kept.isGood ? ((1 - kept.newer) as 0 | 1) : kept.newer;
  const steps: Kept['steps'] = slot === 0 ? [window.steps, kept.steps[1]] : [kept.steps[0], window.steps];
  return { kept: { newer: slot, steps, isGood, best, floor }, slot };
}
