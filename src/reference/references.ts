import type {
  ElementwiseOp,
  ElementwiseReference,
  OwnReference,
  StructuralOp,
  StructuralReference,
} from '../ops/tensor.js';
import { activations } from './activations.js';
import { arithmetic } from './arithmetic.js';
import { elementary } from './elementary.js';
import { gather } from './gather.js';
import { losses } from './losses.js';
import { completed } from './own-reference.js';
import { products } from './products.js';
import { random } from './random.js';
import { reductions } from './reductions.js';
import { rows } from './rows.js';
import { selection } from './selection.js';
import { softmaxLosses } from './softmax-losses.js';
import { updates } from './updates.js';

type Reference = ElementwiseReference | StructuralReference;

/** The references of the built-in ops, by the op's name: no op is imported here. */
export const REFERENCES: Readonly<Record<string, Reference>> = {
  ...arithmetic,
  ...elementary,
  ...selection,
  ...activations,
  ...random,
  ...losses,
  ...softmaxLosses,
  ...updates,
  ...products,
  ...gather,
  ...reductions,
  ...rows,
};

/** The references of ops that brought them. */
const brought = new WeakMap<OwnReference, ElementwiseReference>();

/** Returns the reference that an op brings, or else the one of its name. @throws Error if there is none */
export function referenceOf(op: ElementwiseOp): ElementwiseReference;
export function referenceOf(op: StructuralOp): StructuralReference;
export function referenceOf(op: ElementwiseOp | StructuralOp): Reference {
  if (op.kind === 'elementwise' && op.reference) {
    const reference = brought.get(op.reference) ?? completed(op.reference);
    brought.set(op.reference, reference);
    return reference;
  }
  const own = op.kind === 'structural' ? op.reference : undefined;
  const reference = own ?? (Object.hasOwn(REFERENCES, op.name) ? REFERENCES[op.name] : undefined);
  if (!reference) throw new Error(`${op.name}: there is no reference of it`);
  return reference;
}
