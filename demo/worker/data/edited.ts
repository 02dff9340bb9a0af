import { dataset } from 'wgrad';
import { editedPoints, isEditable, type PointEdit } from '../../contract/edits.js';
import type { LoadedData } from './loaded-data.js';

/** Returns the data with a person's edits of the training points; validation and test examples stay as they are. */
export function edited(data: LoadedData, edits: readonly PointEdit[] | undefined): LoadedData {
  const { train, classes } = data;
  if (!edits?.length || !isEditable(data.name)) return data;
  const points = editedPoints(train.examples, edits).map(({ of, edit }) => {
    const change = edit === undefined ? undefined : edits[edit];
    const to = change && change.kind !== 'remove' ? change : undefined;
    const label = change?.kind === 'add' ? change.label : train.y[of ?? 0];
    if (classes) return { x: to ? [to.x, to.y] : [...train.x.subarray(2 * (of ?? 0), 2 * (of ?? 0) + 2)], y: label };
    return { x: [to?.x ?? train.x[of ?? 0]], y: to?.y ?? label };
  });
  const x = points.flatMap((point) => point.x);
  const y = points.map((point) => point.y);
  return {
    ...data,
    train: dataset({ x, y, features: train.features, ...(classes && { classes: classes.length }) }),
    unedited: train,
  };
}
