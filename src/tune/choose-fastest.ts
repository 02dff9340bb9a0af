/** A candidate's samples, in microseconds: one a round, or one alone if it was given up. */
export interface Timed {
  readonly variant: string;
  readonly sameBits: boolean;
  readonly samples: readonly number[];
}

/**
 * A variant must be faster by this share to be taken: in the median of the rounds, and in the best of them, where others
 * were in the way the least...
 */
const LEAST_GAIN = 0.05;
/**
 * ... and faster in the same round in all rounds but one, so that the noise of this machine does not decide: of two that are
 * equally fast, one is so in six of seven rounds or more with probability 8/128.
 */
const ROUNDS_LOST = 1;

/** The variant to take: the first, which the planner chooses, or another that is faster by more than the noise. */
export function chooseFastest([planned, ...others]: readonly Timed[]): string {
  let chosen = planned.variant;
  let best = 1 - LEAST_GAIN;
  const leastEnough = best * Math.min(...planned.samples);
  for (const { variant, sameBits, samples } of others) {
    if (!sameBits || samples.length === 0 || samples.length !== planned.samples.length) continue;
    // Rounds are interleaved: what slows a round slows everything in it.
    const ratios = samples.map((sample, round) => sample / planned.samples[round]);
    const won = ratios.filter((ratio) => ratio < 1).length;
    const isFaster = won >= ratios.length - ROUNDS_LOST && Math.min(...samples) <= leastEnough;
    if (isFaster && median(ratios) <= best) [chosen, best] = [variant, median(ratios)];
  }
  return chosen;
}

/** The middle one of some numbers, the upper one of two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
