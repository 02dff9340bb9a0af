import { show } from '../errors/arguments.js';
import { describe, isActivation } from '../nn/described.js';
import type { Training } from '../nn/traced-model.js';

/**
 * The kinds of parts that a file may name, beside activations without options. They are names alone, so that a page which
 * saves does not load every part.
 */
export const KINDS = {
  layer: [
    'activityPenalty',
    'alphaDropout',
    'concreteDropout',
    'dense',
    'dropConnect',
    'dropout',
    'elu',
    'gaussianDropout',
    'gaussianNoise',
    'leakyRelu',
  ],
  constraint: ['maxNorm', 'nonNegative', 'unitNorm'],
  initializer: ['glorot', 'he', 'lecun', 'zeros'],
  regularizer: ['elasticNet', 'groupLasso', 'l1', 'l2', 'penalties'],
  loss: [
    'binaryCrossEntropy',
    'focal',
    'hinge',
    'huber',
    'meanAbsoluteError',
    'meanSquaredError',
    'softTargetCrossEntropy',
    'softmaxCrossEntropy',
  ],
  schedule: ['constantRate', 'cosineDecay', 'exponentialDecay', 'linearDecay', 'stepDecay', 'warmup'],
  optimizer: ['adagrad', 'adam', 'adamw', 'clipByGlobalNorm', 'clipByValue', 'ema', 'groups', 'lion', 'rmsprop', 'sgd'],
} as const;

/** A part as it is saved, with the parts that it may hold. */
type Part = Readonly<
  Record<
    | 'kind'
    | 'initializer'
    | 'regularizer'
    | 'constraint'
    | 'learningRate'
    | 'after'
    | 'optimizer'
    | 'layer'
    | 'p'
    | 'parts',
    unknown
  >
>;

/** Returns the place and the kind of the first part that the library does not make, in words; undefined if it makes all. */
export function unknownPart({ model, loss, optimizer, regularizer, constraint }: Training): string | undefined {
  const find = (at: string, family: keyof typeof KINDS, part: unknown): string | undefined => {
    if (part === undefined || typeof part === 'number') return undefined;
    const {
      kind,
      initializer,
      regularizer: own,
      constraint,
      learningRate,
      after,
      optimizer,
      layer,
      p,
      parts,
    } = part as Part;
    const known: readonly unknown[] = KINDS[family];
    if (!known.includes(kind)) return `${at} has the kind ${show(kind)}, which the library does not make`;
    const summands = Array.isArray(parts) ? parts : [];
    return (
      summands.map((each, i) => find(`${at}.parts[${i}]`, 'regularizer', each)).find((found) => found !== undefined) ??
      find(`${at}.initializer`, 'initializer', initializer) ??
      find(`${at}.regularizer`, 'regularizer', own) ??
      find(`${at}.layer`, 'layer', layer) ??
      find(`${at}.p`, 'schedule', p) ??
      find(`${at}.constraint`, 'constraint', constraint) ??
      find(`${at}.optimizer`, 'optimizer', optimizer) ??
      find(`${at}.learningRate`, 'schedule', learningRate) ??
      find(`${at}.after`, 'schedule', after)
    );
  };
  for (const [i, layer] of model.layers.entries()) {
    const found = isActivation(layer) ? undefined : find(`layers[${i}]`, 'layer', describe(layer));
    if (found !== undefined) return found;
  }
  return (
    find('loss', 'loss', describe(loss)) ??
    find('optimizer', 'optimizer', describe(optimizer)) ??
    find('regularizer', 'regularizer', regularizer && describe(regularizer)) ??
    find('constraint', 'constraint', constraint && describe(constraint))
  );
}
