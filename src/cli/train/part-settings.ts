import { ABOVE_0, AT_LEAST_0, BELOW_1, FRACTION } from '../../nn/hyper-parameters.js';
import type { Given, Options, OptionValues } from '../parse-options.js';
import { list } from '../terminal/lines.js';
import { GROUPS_OPTION, groupsText, readGroups } from './parameter-groups.js';

/** The kinds of `--dropout-kind`: the library's name of each, and its name for a person. */
export const DROPOUT_KINDS = {
  dropout: { kind: 'dropout', text: 'dropout' },
  gaussian: { kind: 'gaussianDropout', text: 'gaussian dropout' },
  alpha: { kind: 'alphaDropout', text: 'alpha dropout' },
  dropconnect: { kind: 'dropConnect', text: 'DropConnect' },
  concrete: { kind: 'concreteDropout', text: 'concrete dropout from' },
} as const;

export type DropoutKind = keyof typeof DROPOUT_KINDS;

const DROPOUT_KIND_NAMES = Object.keys(DROPOUT_KINDS) as DropoutKind[];

/** The settings of regularizers and of what is done to the optimizer's steps, beside L2 and the rates of dropout. */
export interface PartSettings {
  readonly dropoutKind: DropoutKind;
  /** The deviation of noise on the inputs; 0 for none, as with the three penalties. */
  readonly inputNoise: number;
  /** The α of mixup; 0 for none. */
  readonly mixup: number;
  readonly l1: number;
  readonly elasticNet: number;
  readonly l1Ratio: number;
  readonly groupLasso: number;
  readonly proximal: boolean;
  /** λ of the penalty on the outputs of hidden layers, and its norm. */
  readonly activity: number;
  readonly activityNorm: 'l1' | 'l2';
  /** Null for none, as with the three below. */
  readonly maxNorm: number | null;
  readonly unitNorm: boolean;
  readonly nonNegative: boolean;
  readonly clip: number | null;
  readonly clipValue: number | null;
  readonly ema: number | null;
  /** Groups of parameters as `readGroups` reads them; null for none. */
  readonly groups: string | null;
}

/** The settings of a run without such options. */
export const NO_PARTS: PartSettings = {
  dropoutKind: 'dropout',
  inputNoise: 0,
  mixup: 0,
  l1: 0,
  elasticNet: 0,
  l1Ratio: 0.5,
  groupLasso: 0,
  proximal: false,
  activity: 0,
  activityNorm: 'l1',
  maxNorm: null,
  unitNorm: false,
  nonNegative: false,
  clip: null,
  clipValue: null,
  ema: null,
  groups: null,
};

export const DROPOUT_OPTIONS = {
  'dropout-kind': {
    value: 'NAME',
    text:
      `Kind of dropout: ${list(DROPOUT_KIND_NAMES)}; default dropout. gaussian multiplies by noise; alpha is for the ` +
      'activation selu; dropconnect drops weights out of the hidden layer; concrete learns the rates, from --dropout on.',
  },
  'input-noise': {
    value: 'DEVIATION',
    text: 'Standard deviation of gaussian noise that is added to the inputs in training; default none.',
  },
  mixup: {
    value: 'ALPHA',
    text: 'Mix every training example, and its loss, with another of its batch, by a share from Beta(α, α), such as 0.2; default none.',
  },
} as const satisfies Options;

export const PENALTY_OPTIONS = {
  l1: { value: 'STRENGTH', text: 'λ of the lasso λ·Σ|w| on weights; default none.' },
  'elastic-net': {
    value: 'STRENGTH',
    text: 'λ of the elastic net λ·(α·Σ|w| + (1-α)/2·Σw²) on weights; default none.',
  },
  'l1-ratio': { value: 'SHARE', text: 'α of the elastic net, in [0, 1]; default 0.5.' },
  'group-lasso': {
    value: 'STRENGTH',
    text: 'λ of the group lasso λ·√units·Σ‖w‖ over the weights out of each input, which selects features; default none.',
  },
  proximal: {
    text: 'Let l1, elastic-net and group-lasso take proximal steps in place of gradients: weights become exactly 0. It suits sgd; other optimizers find other zeros.',
  },
  activity: {
    value: 'STRENGTH',
    text: 'λ of a penalty λ·Σ|y| on the outputs y of each hidden layer, the mean over the examples; default none.',
  },
  'activity-norm': { value: 'NAME', text: 'What --activity penalises: l1 Σ|y|, or l2 Σy²/2; default l1.' },
  'max-norm': { value: 'NORM', text: 'Greatest norm of the weights into a unit, kept after every step; default none.' },
  'unit-norm': { text: 'Keep the weights into each unit at the norm 1.' },
  'non-negative': { text: 'Keep weights at least 0.' },
} as const satisfies Options;

export const OPTIMIZER_OPTIONS = {
  clip: { value: 'NORM', text: 'Greatest norm of all gradients together; larger ones are scaled; default none.' },
  'clip-value': { value: 'LIMIT', text: 'Greatest size of each element of the gradients; default none.' },
  ema: {
    value: 'DECAY',
    text: 'Measure and save for use the running averages of the weights, with this decay in [0, 1), such as 0.999; default none.',
  },
  groups: GROUPS_OPTION,
} as const satisfies Options;

type PartOptions = Given<typeof DROPOUT_OPTIONS & typeof PENALTY_OPTIONS & typeof OPTIMIZER_OPTIONS>;

/** The settings that are hyper-parameters of the model, by the names that a space of a search has for them. */
export const PART_OF_HYPER = {
  noise: 'inputNoise',
  mixup: 'mixup',
  l1: 'l1',
  elasticNet: 'elasticNet',
  l1Ratio: 'l1Ratio',
  groupLasso: 'groupLasso',
  activity: 'activity',
  maxNorm: 'maxNorm',
  clipNorm: 'clip',
  clipValue: 'clipValue',
  emaDecay: 'ema',
} as const satisfies Readonly<Record<string, keyof PartSettings>>;

/**
 * Returns the settings that the options describe.
 * @param network the settings that they have to fit
 * @param searched names of the space of a search, whose values are set later
 * @throws UsageError naming the options that exclude each other, or one that has nothing to act on
 */
export function readParts(
  given: PartOptions,
  network: { readonly hidden: readonly number[]; readonly dropout: readonly number[] },
  { refuse, choice, number }: OptionValues,
  searched: readonly string[],
): PartSettings {
  const parts: PartSettings = {
    dropoutKind: choice('--dropout-kind', given['dropout-kind'] ?? NO_PARTS.dropoutKind, DROPOUT_KIND_NAMES),
    inputNoise: number('--input-noise', given['input-noise'], AT_LEAST_0) ?? NO_PARTS.inputNoise,
    mixup: number('--mixup', given.mixup, AT_LEAST_0) ?? NO_PARTS.mixup,
    l1: number('--l1', given.l1, AT_LEAST_0) ?? NO_PARTS.l1,
    elasticNet: number('--elastic-net', given['elastic-net'], AT_LEAST_0) ?? NO_PARTS.elasticNet,
    l1Ratio: number('--l1-ratio', given['l1-ratio'], FRACTION) ?? NO_PARTS.l1Ratio,
    groupLasso: number('--group-lasso', given['group-lasso'], AT_LEAST_0) ?? NO_PARTS.groupLasso,
    proximal: given.proximal === true,
    activity: number('--activity', given.activity, AT_LEAST_0) ?? NO_PARTS.activity,
    activityNorm: choice('--activity-norm', given['activity-norm'] ?? NO_PARTS.activityNorm, ['l1', 'l2']),
    maxNorm: number('--max-norm', given['max-norm'], ABOVE_0) ?? NO_PARTS.maxNorm,
    unitNorm: given['unit-norm'] === true,
    nonNegative: given['non-negative'] === true,
    clip: number('--clip', given.clip, ABOVE_0) ?? NO_PARTS.clip,
    clipValue: number('--clip-value', given['clip-value'], ABOVE_0) ?? NO_PARTS.clipValue,
    ema: number('--ema', given.ema, BELOW_1) ?? NO_PARTS.ema,
    groups: given.groups === undefined ? null : groupsText(readGroups(given.groups, { refuse })),
  };
  const isThere = (name: keyof typeof PART_OF_HYPER) => Boolean(parts[PART_OF_HYPER[name]]) || searched.includes(name);
  const isRatio = given['l1-ratio'] !== undefined || searched.includes('l1Ratio');
  if (isRatio && !isThere('elasticNet')) throw refuse('--l1-ratio is for --elastic-net, which is not there');
  if (parts.proximal && !(isThere('l1') || isThere('elasticNet') || isThere('groupLasso'))) {
    throw refuse('--proximal is for --l1, --elastic-net and --group-lasso, and none is there');
  }
  if (isThere('activity') && network.hidden.length === 0) {
    throw refuse('--activity needs a hidden layer, and there is none');
  }
  if (given['activity-norm'] !== undefined && !isThere('activity')) {
    throw refuse('--activity-norm is for --activity, which is not there');
  }
  const constraints = [
    ...(isThere('maxNorm') ? ['--max-norm'] : []),
    ...(parts.unitNorm ? ['--unit-norm'] : []),
    ...(parts.nonNegative ? ['--non-negative'] : []),
  ];
  if (constraints.length > 1) throw refuse(`${constraints[0]} and ${constraints[1]} exclude each other`);
  if (isThere('clipNorm') && isThere('clipValue')) throw refuse('--clip and --clip-value exclude each other');
  checkDropoutKind(given, parts, network, refuse, searched.includes('dropout'));
  return parts;
}

function checkDropoutKind(
  given: PartOptions,
  { dropoutKind }: PartSettings,
  { hidden, dropout }: { readonly hidden: readonly number[]; readonly dropout: readonly number[] },
  refuse: OptionValues['refuse'],
  isSearched: boolean,
): void {
  if (given['dropout-kind'] === undefined) return;
  const name = `--dropout-kind ${dropoutKind}`;
  if (hidden.length === 0) throw refuse(`${name} needs a hidden layer, and there is none`);
  if (dropoutKind === 'concrete') {
    if (isSearched) throw refuse(`${name} learns the rates, so --space cannot hold dropout`);
    if (dropout.includes(0)) throw refuse(`${name} needs rates above 0 to begin with, got --dropout ${dropout}`);
  } else if (!isSearched && dropout.every((rate) => rate === 0)) {
    throw refuse(`${name} needs a rate above 0, got --dropout ${dropout}`);
  }
}
