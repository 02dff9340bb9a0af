import type { Trial, TrialEpoch } from './trial.js';

/** Trials from best to worst: smaller scores first, then smaller ids; those without a score, or whose score is NaN, last. */
export function ranked(trials: readonly Trial[]): Trial[] {
  const scoreOf = ({ score = Infinity }: Trial) => (Number.isNaN(score) ? Infinity : score);
  return [...trials].sort((a, b) => {
    const [first, second] = [scoreOf(a), scoreOf(b)];
    return first === second ? a.id - b.id : first - second;
  });
}

/** The trial with the lowest score, if one has any; of equal ones the first. */
export function bestOf(trials: readonly Trial[]): Trial | undefined {
  return ranked(trials.filter(({ score }) => score !== undefined))[0];
}

/** The epoch by which a trial is judged: the last one, or with patience the first of the best ones, whose weights it keeps. */
export function judgedEpoch({ rungs, score }: Trial, patience: number | undefined): TrialEpoch | undefined {
  return patience === undefined ? rungs[rungs.length - 1] : rungs.find((rung) => rung.score === score);
}

/** Epochs since the best one. */
export function waited(rungs: readonly TrialEpoch[]): number {
  const scores = rungs.map(({ score }) => score);
  return scores.length - 1 - scores.indexOf(Math.min(...scores));
}

/** The trial with the largest λ whose score is within one standard error of the best one's. */
export function largestWithinOneError(
  trials: readonly Trial[],
  best: Trial,
  patience: number | undefined,
): Trial | undefined {
  const limit = (best.score ?? 0) + (judgedEpoch(best, patience)?.standardError ?? 0);
  const able = trials.filter(
    ({ status, config, score = Number.POSITIVE_INFINITY }) =>
      status !== 'dropped' && status !== 'diverged' && typeof config.l2 === 'number' && score <= limit,
  );
  return able.reduce<Trial | undefined>(
    (most, trial) => (most && Number(most.config.l2) >= Number(trial.config.l2) ? most : trial),
    undefined,
  );
}
