import { show } from '../errors/arguments.js';
import { add, type Tensor } from '../ops/index.js';
import { asKnown, checkDescribed } from './described.js';
import type { Regularizer } from './layer.js';

/**
 * The sum of penalties, such as `penalties(l1(1e-4), l2(1e-3))`. Proximal steps are taken in the given order; the steps of `l1` and
 * then `groupLasso` are the exact one of their sum, the sparse group lasso (Friedman, Hastie and Tibshirani, 2010).
 * @throws TypeError if one is no penalty, RangeError if there is none or two have one kind, whose strengths `set` could not
 * tell apart
 */
export function penalties(...list: readonly Regularizer[]): Regularizer {
  if (list.length === 0)
    throw new RangeError('penalties: there must be at least one, such as penalties(l1(1e-4), l2(1e-3))');
  for (const [i, part] of list.entries()) checkDescribed('penalties', `penalty ${i}`, part, 'penalty', 'l2(1e-4)');
  const parts = list.flatMap((part) => part.parts ?? [part]);
  const kinds = parts.map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) < i);
  if (twice !== undefined)
    throw new RangeError(`penalties: two are of the kind ${show(twice)}; give one with both strengths`);
  return asKnown({
    kind: 'penalties',
    options: { parts },
    parts,
    penalty(parameter, context) {
      const terms = parts.flatMap((part): Tensor | readonly Tensor[] => part.penalty(parameter, context) ?? []);
      return terms.length > 0 ? terms.reduce(add) : undefined;
    },
  });
}
