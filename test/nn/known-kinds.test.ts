import { expect, test } from 'vitest';
import * as wgrad from '../../src/index.js';
import activationKinds from '../../src/nn/activations.js';
import { isKnown } from '../../src/nn/described.js';
import { OTHER_KINDS } from '../../src/train/savable.js';
import { knownKinds } from '../../src/train/training-from-config.js';

/** Calls of the factories that need arguments. */
const ARGUMENTS: Record<string, readonly unknown[]> = {
  dense: [2],
  dropout: [0.5],
  gaussianDropout: [0.5],
  alphaDropout: [0.5],
  gaussianNoise: [0.5],
  dropConnect: [wgrad.dense(2), 0.5],
  concreteDropout: [wgrad.dense(2)],
  l2: [0.1],
  l1: [0.1],
  elasticNet: [0.1],
  groupLasso: [0.1],
  penalties: [wgrad.l2(0.1)],
  activityPenalty: [0.1],
  constantRate: [1],
  stepDecay: [1, { every: 1 }],
  exponentialDecay: [1, { gamma: 0.5 }],
  linearDecay: [1, { steps: 1 }],
  cosineDecay: [1, { steps: 1 }],
  warmup: [1, { steps: 1 }],
  maxNorm: [1],
  mixup: [0.2],
  clipByGlobalNorm: [wgrad.sgd(), 1],
  clipByValue: [wgrad.sgd(), 1],
  ema: [wgrad.sgd()],
  groups: [wgrad.sgd(), []],
};

/** Exports of src/nn that make no described object. */
const OTHERS = ['sequential', 'dropoutMask'];

test('a checkpoint may name every kind that the library exports, and nothing else', () => {
  const files = import.meta.glob<Record<string, unknown>>('../../src/nn/*.ts', { eager: true });
  const ofNn = new Set(Object.values(files).flatMap(Object.values));
  const made = Object.entries(wgrad).filter(([name, each]) => ofNn.has(each) && !OTHERS.includes(name));
  const parts = made.map(([name, make]) => {
    const described: { kind: string } = Reflect.apply(make, undefined, ARGUMENTS[name] ?? []);
    return described;
  });
  expect(parts.map(({ kind }) => kind)).toEqual(made.map(([name]) => name));
  expect(knownKinds().sort()).toEqual(parts.map(({ kind }) => kind).sort());
  expect([...OTHER_KINDS, ...activationKinds].sort()).toEqual(knownKinds().sort());
  expect(parts.filter((part) => !isKnown(part))).toEqual([]);
});
