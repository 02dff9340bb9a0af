import type { Trial, TrialEpoch } from '../../tune.js';

const classOf = ({ status }: Trial) => (status === 'diverged' ? 2 : status === 'dropped' ? 1 : 0);

/**
 * Returns the trials, the leading one first: by score those that are still in the search, then those it gave up (the
 * longer trained first), then those that diverged.
 */
export function rankTrials(trials: readonly Trial[]): Trial[] {
  const scoreOf = ({ score }: Trial) => score ?? Number.MAX_VALUE;
  const trained = (trial: Trial) => (classOf(trial) === 1 ? trial.epochs : 0);
  return trials.toSorted(
    (a, b) => classOf(a) - classOf(b) || trained(b) - trained(a) || scoreOf(a) - scoreOf(b) || a.id - b.id,
  );
}

/** Returns the epoch by which a trial is judged: the last one, or the best one where the search has patience. */
export function judgedEpoch({ score, rungs }: Trial): TrialEpoch | undefined {
  return rungs.findLast((rung) => rung.score === score) ?? rungs.at(-1);
}
