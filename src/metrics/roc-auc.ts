import { checkOptions, show } from '../errors/arguments.js';
import { checkLabels, type Label, type Labels } from './labels.js';
import { checkNumbers } from './numbers.js';

export interface RocAucOptions {
  /** The class that high scores speak for. Default: the greater one of the two. */
  positive?: Label | undefined;
}

/**
 * Returns the area under the ROC curve of two classes: the probability that a random example of the positive class has a
 * higher score than one of the other class, ties counting half; null if only one class occurs. A score is a probability or
 * a logit of the positive class.
 * Source: Hanley and McNeil, The meaning and use of the area under a ROC curve, Radiology 143 (1982): the Mann-Whitney
 * statistic, with the mean rank of equal scores (midranks).
 * @throws TypeError or RangeError naming the label, the score or the option that is wrong
 */
export function rocAuc(truth: Labels, scores: ArrayLike<number>, options: RocAucOptions = {}): number | null {
  checkOptions('rocAuc', options, ['positive']);
  checkLabels('rocAuc', 'truth', truth);
  checkNumbers('rocAuc', 'scores', scores);
  const size = truth.length;
  if (size !== scores.length) throw new RangeError(`rocAuc: truth has ${size} labels, scores has ${scores.length}`);
  const found = [...new Set(Array.from(truth))].sort((a, b) => (a < b ? -1 : 1));
  if (found.length > 2) throw new RangeError(`rocAuc: truth must have two classes, got ${found.length}`);
  const { positive = found[1] } = options;
  if (found.length === 2 && !found.includes(positive)) {
    throw new RangeError(`rocAuc: positive must be ${found.map(show).join(' or ')}, got ${show(positive)}`);
  }
  if (found.length < 2) return null;
  const order = Uint32Array.from({ length: size }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < size; ) {
    let end = start;
    let tied = 0;
    for (; end < size && scores[order[end]] === scores[order[start]]; end++) if (truth[order[end]] === positive) tied++;
    rankSum += (tied * (start + 1 + end)) / 2; // ranks from start + 1 to end have this mean
    positives += tied;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (size - positives));
}
