import { expect, test } from 'vitest';
import { knownKinds } from '../../src/train/training-from-config.js';
import { NETWORKS } from './networks.js';

/** Made on the host before the first step, or one number a step: whole steps do not depend on which one it is. */
const OF_THE_HOST = ['he', 'glorot', 'lecun', 'zeros', 'constantRate', 'stepDecay', 'exponentialDecay', 'linearDecay'];

/** Every `kind` in a described object, at any depth. */
function kindsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'kind' in value && typeof value.kind === 'string' ? [value.kind] : [];
  return [...own, ...Object.values(value).flatMap(kindsIn)];
}

test('every layer, loss, regularizer and optimizer is in a network by which whole steps are checked', () => {
  const used = new Set(Object.values(NETWORKS).flatMap(kindsIn));
  expect(knownKinds().filter((kind) => !used.has(kind) && !OF_THE_HOST.includes(kind))).toEqual([]);
});
