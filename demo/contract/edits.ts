import type { DataName, State } from './state.js';

/** A change of the training points: a new one, one that is moved, or one that is taken away. */
export type PointEdit =
  | (Spot & { readonly kind: 'add'; readonly label: number })
  | (Spot & { readonly kind: 'move'; readonly of: number })
  | { readonly kind: 'remove'; readonly of: number };

/** A place on the figure: two features, or one and the number to learn. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A training point after all edits. */
export interface EditedPoint {
  /** Its index in the data set; absent for a new point. */
  readonly of?: number;
  /** The index of the edit that placed it. */
  readonly edit?: number;
}

/** Fewest training points that stay. */
export const LEAST_POINTS = 10;

/** Coordinates are rounded to so many digits, so that an address says exactly what is trained. */
const DIGITS = 2;
/** The largest coordinate; no figure reaches so far. */
const FARTHEST = 99;
/** Most characters of edits in an address. */
const LONGEST = 1500;

/** Returns true for the data sets whose points may be edited: those that the page makes itself. */
export const isEditable = (data: DataName) => data !== 'sparse' && data !== 'mnist' && data !== 'own';

/** Returns the training points in their order: those of the data set that are left, then the new ones. */
export function editedPoints(examples: number, edits: readonly PointEdit[] = []): EditedPoint[] {
  const removed = new Set<number>();
  const moved = new Map<number, number>();
  for (const [i, edit] of edits.entries()) {
    if (edit.kind === 'remove') removed.add(edit.of);
    if (edit.kind === 'move') moved.set(edit.of, i);
  }
  const points: EditedPoint[] = [];
  for (let of = 0; of < examples; of++) if (!removed.has(of)) points.push({ of, edit: moved.get(of) });
  for (const [edit, { kind }] of edits.entries()) if (kind === 'add') points.push({ edit });
  return points;
}

const rounded = ({ x, y }: Spot): Spot => ({ x: Number(x.toFixed(DIGITS)), y: Number(y.toFixed(DIGITS)) });

export function withAdded(edits: readonly PointEdit[] = [], at: Spot, label: number): readonly PointEdit[] {
  return [...edits, { kind: 'add', ...rounded(at), label }];
}

export function withMoved(edits: readonly PointEdit[] = [], point: EditedPoint, to: Spot): readonly PointEdit[] {
  const known = point.edit === undefined ? undefined : edits[point.edit];
  if (known && known.kind !== 'remove')
    return edits.map((each) => (each === known ? { ...known, ...rounded(to) } : each));
  return point.of === undefined ? edits : [...edits, { kind: 'move', of: point.of, ...rounded(to) }];
}

/** Returns the edits without a point; undefined if none is left. */
export function withRemoved(edits: readonly PointEdit[] = [], point: EditedPoint): readonly PointEdit[] | undefined {
  const others = edits.filter((_, i) => i !== point.edit);
  const all: PointEdit[] = point.of === undefined ? others : [...others, { kind: 'remove', of: point.of }];
  return all.length > 0 ? all : undefined;
}

/** Returns edits as a field of an address, such as `0.5_1.2_1,0.3_-1@12,@7`: a new point of class 1, 12 moved, 7 removed. */
export function editsText(edits: readonly PointEdit[] = []): string {
  const texts = edits.map((edit) => {
    if (edit.kind === 'remove') return `@${edit.of}`;
    return `${edit.x}_${edit.y}${edit.kind === 'add' ? `_${edit.label}` : `@${edit.of}`}`;
  });
  return texts.join(',');
}

/** Returns true if an address can carry the edits. */
export const fitsAddress = (edits: readonly PointEdit[] | undefined) => editsText(edits).length <= LONGEST;

const EDIT = /^(?:(-?\d+(?:\.\d+)?)_(-?\d+(?:\.\d+)?)(?:_([01]))?)?(?:@(\d{1,4}))?$/;

/** Returns the edits in a field of an address; undefined if it has another form or a coordinate beyond all figures. */
export function editsIn(text: string): readonly PointEdit[] | undefined {
  const edits: PointEdit[] = [];
  for (const each of text.split(',')) {
    const [, xText, yText, labelText, ofText] = EDIT.exec(each) ?? [];
    const at = rounded({ x: Number(xText), y: Number(yText) });
    const of = Number(ofText);
    if (xText === undefined && ofText !== undefined) edits.push({ kind: 'remove', of });
    else if (!(Math.abs(at.x) <= FARTHEST && Math.abs(at.y) <= FARTHEST)) return undefined;
    else if (labelText !== undefined && ofText === undefined)
      edits.push({ kind: 'add', ...at, label: Number(labelText) });
    else if (labelText === undefined && ofText !== undefined) edits.push({ kind: 'move', of, ...at });
    else return undefined;
  }
  return edits;
}

/** Returns the changed state; edits of points are of one data set and one seed, and do not outlive them. */
export function withChange(state: State, part: Partial<State>): State {
  const after = { ...state, ...part };
  const isOther = after.data !== state.data || after.seed !== state.seed;
  return isOther && after.edits === state.edits ? { ...after, edits: undefined } : after;
}
