import type { Trial } from './trial.js';

/** Trials from best to worst: smaller scores first, then smaller ids; those without a score, or whose score is NaN, last. */
export function ranked(trials: readonly Trial[]): Trial[] {
  const scoreOf = ({ score = Infinity }: Trial) => (Number.isNaN(score) ? Infinity : score);
  return [...trials].sort((a, b) => {
    const [first, second] = [scoreOf(a), scoreOf(b)];
    return first === second ? a.id - b.id : first - second;
  });
}
