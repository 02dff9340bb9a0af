import type { ParameterGroup, TrainingConfig } from '../../index.js';
import { TRAIN_VALUES } from './config.js';
import { groupsText, readGroups } from './parameter-groups.js';
import { DROPOUT_KINDS, type DropoutKind, NO_PARTS, type PartSettings } from './part-settings.js';

/** A part as plain data, as `trainingFromConfig` reads it. */
type Description = { readonly kind: string; readonly [option: string]: unknown };
type SavedPart = TrainingConfig['optimizer'];

/** Settings of the network that parts act on. */
interface Network extends PartSettings {
  readonly dropout: readonly number[];
}

/**
 * Returns what the layers of a network become with dropout of its kind, noise and penalties on outputs. Kinds of dropout that mask weights or inputs of a layer
 * are around the layer behind the hidden one.
 * @param layers for each hidden layer the dense one and what follows it, and then the last layer alone
 * @param data the examples decide how much concrete dropout is paid for
 */
export function withParts(
  layers: readonly (readonly [Description, ...Description[]])[],
  { dropout, dropoutKind, inputNoise, activity, activityNorm }: Network,
  { examples, classes }: { readonly examples: number; readonly classes?: number | undefined },
  space: object,
): Description[] {
  const { kind } = DROPOUT_KINDS[dropoutKind];
  const drops = 'dropout' in space || dropout.some((rate) => rate > 0);
  const penalised = 'activity' in space || activity > 0;
  const noise = 'noise' in space || inputNoise > 0 ? [{ kind: 'gaussianNoise', deviation: inputNoise }] : [];
  // The factors of Gal, Hron and Kendall (2017), with the prior length scale of their code, 1e-4.
  const entropy = (classes === undefined ? 2 : 1) / examples;
  const around = (layer: Description, p: number): Description =>
    dropoutKind === 'concrete' ? { kind, layer, start: p, weights: 1e-8 / examples, entropy } : { kind, layer, p };
  const isAround = dropoutKind === 'dropconnect' || dropoutKind === 'concrete';
  const all = layers.flatMap(([dense, ...rest], i) => [
    drops && isAround && i > 0 ? around(dense, dropout[i - 1]) : dense,
    ...rest,
    ...(penalised && i < layers.length - 1
      ? [{ kind: 'activityPenalty', strength: activity, norm: activityNorm }]
      : []),
    ...(drops && !isAround && i < dropout.length ? [{ kind, p: dropout[i] }] : []),
  ]);
  return [...noise, ...all];
}

/** Returns the penalties as one part; undefined for none. @param l2 that of L2, if there is one */
export function regularizerOf(
  { l1, elasticNet, l1Ratio, groupLasso, proximal }: PartSettings,
  l2: Description | undefined,
  space: object,
): Description | undefined {
  const parts: Description[] = [
    ...(l2 ? [l2] : []),
    ...('l1' in space || l1 > 0 ? [{ kind: 'l1', strength: l1, proximal }] : []),
    ...('elasticNet' in space || elasticNet > 0
      ? [{ kind: 'elasticNet', strength: elasticNet, l1Ratio, proximal }]
      : []),
    ...('groupLasso' in space || groupLasso > 0 ? [{ kind: 'groupLasso', strength: groupLasso, proximal }] : []),
  ];
  return parts.length > 1 ? { kind: 'penalties', parts } : parts[0];
}

/** The value of a setting that was not given and that a search varies: every trial sets its own before it trains. */
const SEARCHED_START = 0.5;

/** Returns the change of the batches; undefined for none. */
export function augmentationOf({ mixup }: PartSettings, space: object): Description | undefined {
  return 'mixup' in space || mixup > 0 ? { kind: 'mixup', alpha: mixup } : undefined;
}

/** Returns the constraint; undefined for none. */
export function constraintOf({ maxNorm, unitNorm, nonNegative }: PartSettings, space: object): Description | undefined {
  if ('maxNorm' in space || maxNorm !== null) return { kind: 'maxNorm', norm: maxNorm ?? SEARCHED_START };
  if (unitNorm) return { kind: 'unitNorm' };
  return nonNegative ? { kind: 'nonNegative' } : undefined;
}

/** Returns an optimizer with groups of parameters, clipping and averages around it. */
export function withClipping(
  optimizer: Description,
  { groups, clip, clipValue, ema }: PartSettings,
  space: object,
): Description {
  let part = optimizer;
  if (groups !== null) part = { kind: 'groups', optimizer: part, groups: readGroups(groups, TRAIN_VALUES) };
  if ('clipValue' in space || clipValue !== null)
    part = { kind: 'clipByValue', optimizer: part, limit: clipValue ?? SEARCHED_START };
  if ('clipNorm' in space || clip !== null)
    part = { kind: 'clipByGlobalNorm', optimizer: part, norm: clip ?? SEARCHED_START };
  if ('emaDecay' in space || ema !== null) part = { kind: 'ema', optimizer: part, decay: ema ?? SEARCHED_START };
  return part;
}

/** The numbers of hyper-parameters by name, as they stand. */
type Hyper = Readonly<Record<string, number>>;

/**
 * Returns the settings that `constraintOf`, `regularizerOf` and `withClipping` made parts of, those of L2, and the optimizer itself;
 * undefined if there are others.
 */
export function settingsOfParts({ optimizer, regularizer, constraint, augmentation }: TrainingConfig, hyper: Hyper) {
  const around = new Map<string, SavedPart>();
  let inner = optimizer;
  while (['ema', 'clipByGlobalNorm', 'clipByValue', 'groups'].includes(inner.kind)) {
    around.set(inner.kind, inner);
    inner = inner.optimizer as SavedPart;
  }
  const sum = regularizer?.kind === 'penalties' ? regularizer.parts : regularizer ? [regularizer] : [];
  const penalties = new Map((sum as readonly SavedPart[]).map((part) => [part.kind, part]));
  const known = ['l2', 'l1', 'elasticNet', 'groupLasso', 'maxNorm', 'unitNorm', 'nonNegative', 'mixup'];
  const single = [constraint, augmentation].flatMap((part) => (part ? [part.kind] : []));
  if ([...penalties.keys(), ...single].some((kind) => !known.includes(kind))) {
    return undefined;
  }
  const strength = (kind: string) =>
    penalties.has(kind) ? (hyper[`dense0.${kind}`] ?? Number(penalties.get(kind)?.strength)) : 0;
  const number = (kind: string, name: string, option: string) =>
    around.has(kind) ? (hyper[name] ?? Number(around.get(kind)?.[option])) : null;
  const { l1Ratio } = NO_PARTS;
  const groups = around.get('groups')?.groups as ParameterGroup[] | undefined;
  const parts: Omit<PartSettings, keyof SavedLayers> = {
    mixup: augmentation ? (hyper.mixup ?? Number(augmentation.alpha)) : 0,
    l1: strength('l1'),
    elasticNet: strength('elasticNet'),
    l1Ratio: hyper['dense0.l1Ratio'] ?? Number(penalties.get('elasticNet')?.l1Ratio ?? l1Ratio),
    groupLasso: strength('groupLasso'),
    proximal: [...penalties.values()].some(({ proximal }) => proximal === true),
    maxNorm: constraint?.kind === 'maxNorm' ? (hyper['dense0.maxNorm'] ?? Number(constraint.norm)) : null,
    unitNorm: constraint?.kind === 'unitNorm',
    nonNegative: constraint?.kind === 'nonNegative',
    clip: number('clipByGlobalNorm', 'clipNorm', 'norm'),
    clipValue: number('clipByValue', 'clipValue', 'limit'),
    ema: number('ema', 'emaDecay', 'decay'),
    groups: groups ? groupsText(groups, hyper) : null,
  };
  return { parts, optimizer: inner, l2: strength('l2'), l2Convention: penalties.get('l2')?.convention };
}

/** A network of hidden layers as its settings have it. */
export interface SavedLayers {
  readonly hidden: readonly number[];
  readonly dropout: readonly number[];
  readonly dropoutKind: DropoutKind;
  readonly inputNoise: number;
  readonly activity: number;
  readonly activityNorm: PartSettings['activityNorm'];
  /** The kinds of the layers that are neither dense nor dropout. */
  readonly others: ReadonlySet<string>;
}

/** Returns the settings by which layers were made, the reverse of `withParts`; undefined if they were not. */
export function settingsOfLayers(layers: TrainingConfig['layers'], hyper: Hyper): SavedLayers | undefined {
  const units: number[] = [];
  const dropout: number[] = [];
  const others = new Set<string>();
  const found = new Set<DropoutKind>();
  const counts = new Map<string, number>();
  const names = Object.entries(DROPOUT_KINDS) as [DropoutKind, { readonly kind: string }][];
  let inputNoise = 0;
  let { activity, activityNorm } = NO_PARTS;
  for (const layer of layers) {
    const { kind } = layer;
    const name = names.find((each) => each[1].kind === kind)?.[0];
    if (name) {
      if (units.length === 0) return undefined;
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      found.add(name);
      dropout[units.length - 1] = hyper[`${kind}${count}.dropout`] ?? Number(layer.p ?? layer.start);
    }
    const dense = name && layer.layer !== undefined ? (layer.layer as SavedPart) : layer;
    if (dense.kind === 'dense') [units[units.length], dropout[dropout.length]] = [Number(dense.units), 0];
    else if (kind === 'gaussianNoise' && units.length === 0)
      inputNoise = hyper['gaussianNoise0.noise'] ?? Number(layer.deviation);
    else if (kind === 'activityPenalty') {
      activity = hyper['activityPenalty0.activity'] ?? Number(layer.strength);
      activityNorm = layer.norm === 'l2' ? 'l2' : 'l1';
    } else if (!name) others.add(kind);
  }
  if (found.size > 1) return undefined;
  return {
    hidden: units.slice(0, -1),
    dropout: dropout.slice(0, -1),
    dropoutKind: [...found][0] ?? NO_PARTS.dropoutKind,
    inputNoise,
    activity,
    activityNorm,
    others,
  };
}

/** Returns the penalties beside L2, the constraint, mixup, clipping and averages in words. */
export function partTexts(
  settings: PartSettings,
  searched: object,
): { readonly penalties: readonly string[]; readonly optimizer: readonly string[] } {
  const { l1, elasticNet, l1Ratio, groupLasso, proximal, activity, activityNorm, maxNorm, unitNorm, nonNegative } =
    settings;
  const { clip, clipValue, ema, groups, mixup } = settings;
  const text = (name: string, hyper: string, value: number | null, words = '') => {
    if (hyper in searched) return [name];
    return value ? [`${name} ${words}${value}`] : [];
  };
  const strengths = [
    ...text('L1', 'l1', l1, 'λ = '),
    ...text('elastic net', 'elasticNet', elasticNet, `α = ${l1Ratio}, λ = `),
    ...text('group lasso', 'groupLasso', groupLasso, 'λ = '),
  ];
  return {
    penalties: [
      ...strengths,
      ...(proximal ? ['by proximal steps'] : []),
      ...text(`${activityNorm.toUpperCase()} of hidden outputs`, 'activity', activity, 'λ = '),
      ...text('max-norm', 'maxNorm', maxNorm),
      ...(unitNorm ? ['unit norm'] : []),
      ...(nonNegative ? ['weights at least 0'] : []),
      ...text('mixup', 'mixup', mixup, 'α = '),
    ],
    optimizer: [
      ...text('gradients clipped to the norm', 'clipNorm', clip),
      ...text('gradients clipped at', 'clipValue', clipValue),
      ...text('averages with the decay', 'emaDecay', ema),
      ...(groups === null ? [] : [`with ${groups}`]),
    ],
  };
}
