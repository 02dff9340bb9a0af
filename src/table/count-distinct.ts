import { inPieces } from '../promises/turns.js';
import { sort } from './sort.js';

/** Returns the number of different values, which it sorts; yields wherever a caller may let others run. @param values none of them NaN */
export function* countDistinct(values: Float64Array): Generator<void, number, void> {
  const all = yield* sort(values);
  let distinct = all.length > 0 ? 1 : 0;
  yield* inPieces(all.length, (start, end) => {
    for (let i = Math.max(1, start); i < end; i++) if (all[i] !== all[i - 1]) distinct++;
  });
  return distinct;
}
