import { show } from '../errors/arguments.js';
import { type Described, isDescribed, isKnown } from '../nn/described.js';
import type { Training } from '../nn/traced-model.js';

/**
 * The kinds of the library's parts, but for activations. Names alone: saving needs them, and the functions that make the parts
 * would come with every op into the script of a page.
 */
export const OTHER_KINDS: readonly string[] = (
  'activityPenalty adagrad adam adamw alphaDropout batchNorm binaryCrossEntropy clipByGlobalNorm ' +
  'clipByValue concreteDropout constantRate cosineDecay dense dropConnect dropout elasticNet ema ' +
  'exponentialDecay focal gaussianDropout gaussianNoise glorot groupLasso groups he hinge huber l1 l2 ' +
  'layerNorm lecun linearDecay lion maxNorm meanAbsoluteError meanSquaredError mixup nonNegative ' +
  'penalties rmsprop sgd softTargetCrossEntropy softmaxCrossEntropy standout stepDecay unitNorm warmup ' +
  'zeros'
).split(' ');

/** Returns why no file can hold a training, in words; undefined if one can. */
export function whyNotSavable({ model, ...others }: Training, activationKinds: readonly string[]): string | undefined {
  const { loss, optimizer, regularizer, constraint, augmentation } = others;
  const places = { layers: model.layers, loss, optimizer, regularizer, constraint, augmentation };
  const strange = Object.entries(places).flatMap(([place, parts]) => [...strangersIn(place, parts)]);
  for (const [at, { kind, options }] of strange) {
    if (typeof kind !== 'string' || kind === '') return `${at} must have a name as its kind, got ${show(kind)}`;
    if (OTHER_KINDS.includes(kind) || activationKinds.includes(kind))
      return `${at} has the kind '${kind}' of a part of the library; a part of your own needs another`;
    const fault = faultIn(at, { ...options });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Lists the parts that the library did not make, with their places: they themselves, and those among the options of others. */
function* strangersIn(at: string, value: unknown): Generator<[string, Described]> {
  if (Array.isArray(value)) for (const [i, each] of value.entries()) yield* strangersIn(`${at}[${i}]`, each);
  if (!isDescribed(value)) return;
  if (!isKnown(value)) yield [at, value];
  for (const [name, each] of Object.entries(value.options)) yield* strangersIn(`${at}.${name}`, each);
}

/** Returns the place of the first value that JSON does not give back, in words. Parts are looked at by themselves. */
function faultIn(at: string, value: unknown, within: readonly unknown[] = []): string | undefined {
  if (['string', 'boolean', 'undefined'].includes(typeof value) || value === null || isDescribed(value))
    return undefined;
  if (Number.isFinite(value)) return undefined;
  if (within.includes(value)) return `${at} holds itself`;
  const isPlain = [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain || typeof value !== 'object') return `${at} is ${show(value)}, which no file can hold`;
  for (const [name, each] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${at}[${name}]` : `${at}.${name}`;
    const fault = faultIn(place, each, [...within, value]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
