import { checkChoice, checkOptions, isRecord, show, suggestion } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import activationKinds, * as activations from '../nn/activations.js';
import { activityPenalty } from '../nn/activity-penalty.js';
import { adagrad } from '../nn/adagrad.js';
import type { Augmentation } from '../nn/augmentation.js';
import { clipByGlobalNorm, clipByValue } from '../nn/clip.js';
import { concreteDropout } from '../nn/concrete-dropout.js';
import { maxNorm, nonNegative, unitNorm } from '../nn/constraints.js';
import { dense } from '../nn/dense.js';
import type { Described } from '../nn/described.js';
import { dropConnect } from '../nn/drop-connect.js';
import { dropout } from '../nn/dropout.js';
import { elasticNet } from '../nn/elastic-net.js';
import { ema } from '../nn/ema.js';
import { groupLasso } from '../nn/group-lasso.js';
import { groups } from '../nn/groups.js';
import { glorot, he, type Initializer, lecun, zeros } from '../nn/initializers.js';
import { l1 } from '../nn/l1.js';
import { l2 } from '../nn/l2.js';
import { type Constraint, type Layer, type Model, type Regularizer, sequential } from '../nn/layer.js';
import { lion } from '../nn/lion.js';
import {
  binaryCrossEntropy,
  focal,
  hinge,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from '../nn/losses.js';
import { mixup } from '../nn/mixup.js';
import { alphaDropout, gaussianDropout, gaussianNoise } from '../nn/noise.js';
import { batchNorm, layerNorm } from '../nn/normalisation.js';
import { adam, adamw, type Optimizer, sgd } from '../nn/optimizers.js';
import { penalties } from '../nn/penalties.js';
import { rmsprop } from '../nn/rmsprop.js';
import {
  constantRate,
  cosineDecay,
  exponentialDecay,
  linearDecay,
  type Schedule,
  stepDecay,
  warmup,
} from '../nn/schedules.js';
import { standout } from '../nn/standout.js';
import { checkParts, OwnPart, type Parts, type PartsOptions, withOwnParts } from './own-parts.js';
import { checkTrainerOptions, type TrainerOptions } from './trainer-options.js';

/** Options as a file has them. Their types are unknown here: every factory checks its own. */
type Options = Readonly<Record<string, never>>;
/** Functions that make a part from its options, by kind; `at` is its place in the configuration, for messages. */
type Makers<T> = Readonly<Record<string, (options: Options, at: string) => T>>;

const LAYERS: Makers<Layer> = {
  dense: ({ units, initializer, regularizer, constraint, ...options }, at) =>
    dense(units, {
      ...options,
      initializer: makeIfGiven(`${at}.initializer`, INITIALIZERS, initializer),
      regularizer: makeIfGiven(`${at}.regularizer`, REGULARIZERS, regularizer),
      constraint: makeIfGiven(`${at}.constraint`, CONSTRAINTS, constraint),
    }),
  dropout: ({ p, ...rest }, at) => alone(dropout(scheduled(`${at}.p`, p)), rest),
  gaussianDropout: ({ p, ...rest }, at) => alone(gaussianDropout(scheduled(`${at}.p`, p)), rest),
  alphaDropout: ({ p, ...rest }, at) => alone(alphaDropout(scheduled(`${at}.p`, p)), rest),
  gaussianNoise: ({ deviation, ...rest }) => alone(gaussianNoise(deviation), rest),
  dropConnect: ({ layer, p, ...rest }, at) =>
    alone(dropConnect(make(`${at}.layer`, LAYERS, layer), scheduled(`${at}.p`, p)), rest),
  concreteDropout: ({ layer, ...options }, at) => concreteDropout(make(`${at}.layer`, LAYERS, layer), options),
  activityPenalty: ({ strength, ...options }) => activityPenalty(strength, options),
  standout,
  layerNorm,
  batchNorm,
  ...Object.fromEntries(activationKinds.map((kind) => [kind, (rest: Options) => alone(activations[kind](), rest)])),
  elu: ({ alpha, ...rest }) => alone(activations.elu(alpha), rest),
  leakyRelu: ({ slope, ...rest }) => alone(activations.leakyRelu(slope), rest),
};
const INITIALIZERS: Makers<Initializer> = { he, glorot, lecun, zeros: (rest) => alone(zeros(), rest) };
const REGULARIZERS: Makers<Regularizer> = {
  l2: ({ strength, ...options }) => l2(strength, options),
  l1: ({ strength, ...options }) => l1(strength, options),
  elasticNet: ({ strength, ...options }) => elasticNet(strength, options),
  groupLasso: ({ strength, ...options }) => groupLasso(strength, options),
  penalties({ parts, ...rest }, at) {
    const list: unknown = parts;
    if (!Array.isArray(list)) throw new TypeError(`penalties: parts must be an array of penalties, got ${show(list)}`);
    return alone(penalties(...list.map((part, i) => make(`${at}.parts[${i}]`, REGULARIZERS, part))), rest);
  },
};
const CONSTRAINTS: Makers<Constraint> = {
  maxNorm: ({ norm, ...rest }) => alone(maxNorm(norm), rest),
  unitNorm: (rest) => alone(unitNorm(), rest),
  nonNegative: (rest) => alone(nonNegative(), rest),
};
const AUGMENTATIONS: Makers<Augmentation> = { mixup: ({ alpha, ...rest }) => alone(mixup(alpha), rest) };
const LOSSES: Makers<Loss> = {
  meanSquaredError: (rest) => alone(meanSquaredError(), rest),
  softmaxCrossEntropy,
  softTargetCrossEntropy: (rest) => alone(softTargetCrossEntropy(), rest),
  binaryCrossEntropy: (rest) => alone(binaryCrossEntropy(), rest),
  meanAbsoluteError: (rest) => alone(meanAbsoluteError(), rest),
  huber: ({ delta, ...rest }) => alone(huber(delta), rest),
  hinge: (rest) => alone(hinge(), rest),
  focal: ({ gamma, ...rest }) => alone(focal(gamma), rest),
};
const SCHEDULES: Makers<Schedule> = {
  constantRate: ({ base, ...rest }) => alone(constantRate(base), rest),
  stepDecay: ({ base, every, ...options }) => stepDecay(base, { every, ...options }),
  exponentialDecay: ({ base, gamma, ...options }) => exponentialDecay(base, { gamma, ...options }),
  cosineDecay: ({ base, steps, ...options }) => cosineDecay(base, { steps, ...options }),
  linearDecay: ({ base, steps, ...options }) => linearDecay(base, { steps, ...options }),
  warmup: ({ after, steps, ...options }, at) => warmup(rate(`${at}.after`, after), { steps, ...options }),
};
const withRate = ({ learningRate, ...options }: Options, at: string) =>
  learningRate === undefined ? options : { ...options, learningRate: rate(`${at}.learningRate`, learningRate) };
const OPTIMIZERS: Makers<Optimizer> = {
  sgd: (options, at) => sgd(withRate(options, at)),
  adam: (options, at) => adam(withRate(options, at)),
  adamw: (options, at) => adamw(withRate(options, at)),
  rmsprop: (options, at) => rmsprop(withRate(options, at)),
  adagrad: (options, at) => adagrad(withRate(options, at)),
  lion: (options, at) => lion(withRate(options, at)),
  clipByGlobalNorm: ({ optimizer, norm, ...rest }, at) => alone(clipByGlobalNorm(inner(optimizer, at), norm), rest),
  clipByValue: ({ optimizer, limit, ...rest }, at) => alone(clipByValue(inner(optimizer, at), limit), rest),
  ema: ({ optimizer, decay, ...rest }, at) => alone(ema(inner(optimizer, at), decay), rest),
  groups: ({ optimizer, groups: list, ...rest }, at) => alone(groups(inner(optimizer, at), list), rest),
};
const inner = (optimizer: unknown, at: string): Optimizer => make(`${at}.optimizer`, OPTIMIZERS, optimizer);

/** The families of parts, each with the function that its parts have. */
const FAMILIES: readonly (readonly [makers: Makers<unknown>, method: string])[] = [
  [LAYERS, 'apply'],
  [INITIALIZERS, 'fill'],
  [REGULARIZERS, 'penalty'],
  [CONSTRAINTS, 'constrain'],
  [AUGMENTATIONS, 'augment'],
  [LOSSES, 'apply'],
  [SCHEDULES, 'factor'],
  [OPTIMIZERS, 'update'],
];

/** Returns the kinds that the library makes. */
export function knownKinds(): string[] {
  return FAMILIES.flatMap(([makers]) => Object.keys(makers));
}

/** Returns a schedule that is described, or what else there is. */
function scheduled(at: string, value: never): number | Schedule {
  return Object(value) === value ? make(at, SCHEDULES, value) : value;
}

function rate(at: string, value: unknown): number | Schedule {
  return typeof value === 'number' ? value : make(at, SCHEDULES, value);
}

/** Makes the part that `describe` described. @throws EngineError of kind `format` naming its place */
function make<T>(at: string, makers: Makers<T>, description: unknown): T {
  const kinds = Object.keys(makers);
  return asFormatError(() => {
    if (description instanceof OwnPart) return checkOwn(at, makers, description) as T;
    const { kind: named, ...options } = recordOf(at, description, `{ "kind": "${kinds[0]}" }`);
    const kind = kindOf(at, named, kinds);
    return asFormatError(() => makers[kind](options as Options, at), `${at}: `);
  });
}

/** Makes a part of any family that `describe` described. @throws EngineError of kind `format` naming its place */
function makeAny(at: string, description: { readonly kind: string }): unknown {
  const { kind } = description;
  const family = FAMILIES.find(([makers]) => Object.hasOwn(makers, kind));
  if (family) return make(at, family[0], description);
  throw new EngineError(
    'format',
    `${at}: kind must be one of the library's or be given as parts.${kind}, got ${show(kind)}`,
  );
}

/** Returns a part of the user's own. @throws TypeError if it is none of the family of `makers`, or of another kind */
function checkOwn(at: string, makers: Makers<unknown>, { kind, made }: OwnPart): unknown {
  const method = FAMILIES.find(([each]) => each === makers)?.[1] ?? '';
  const part = Object(made);
  if (part.kind === kind && typeof part[method] === 'function') return made;
  const wanted = `a part of the kind '${kind}' with a function ${method}`;
  throw new TypeError(`${at}: parts.${kind} must return ${wanted}, got ${show(made)}`);
}

/** Returns a kind that is known. @throws TypeError or RangeError that lists those that are */
function kindOf(at: string, kind: unknown, known: readonly string[]): string {
  if (typeof kind !== 'string' || known.includes(kind)) return checkChoice(at, 'kind', kind, known);
  const list = known.map((each) => `'${each}'`).join(', ');
  const own = /^[a-z]\w{0,39}$/i.test(kind) ? `, or be given as parts.${kind}` : '';
  throw new RangeError(`${at}: kind must be one of ${list}${own}, got ${show(kind)}${suggestion(kind, known)}`);
}

function makeIfGiven<T>(at: string, makers: Makers<T>, description: unknown): T | undefined {
  return description === undefined ? undefined : make(at, makers, description);
}

/** Returns a part that has no options beside those it was made of. */
function alone<T extends Described>(part: T, rest: Options): T {
  const [unknown] = Object.keys(rest);
  if (unknown === undefined) return part;
  const known = Object.keys(part.options).join(', ') || 'none';
  throw new TypeError(`${part.kind}: unknown option '${unknown}'; known: ${known}`);
}

function recordOf(name: string, value: unknown, example: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new TypeError(`${name} must be an object such as ${example}, got ${show(value)}`);
}

/** A model and the options of its trainer, but for the seeds. */
export interface ConfiguredTraining {
  readonly model: Model;
  readonly options: Omit<TrainerOptions, 'seed' | 'shuffleSeed'>;
}

const KNOWN = ['input', 'batchSize', 'layers', 'loss', 'optimizer', 'regularizer', 'constraint', 'augmentation'];

/**
 * Returns the model and the options for `createTrainer` that plain data describe, as `configOf` returns them and `save`
 * writes them.
 * @param config what `JSON.parse` returns
 * @param options the functions that make parts of your own
 * @throws EngineError of kind `format` naming what in it is wrong, its value, and what is allowed
 */
export function trainingFromConfig(config: unknown, options: PartsOptions = {}): ConfiguredTraining {
  const where = 'trainingFromConfig';
  checkOptions(where, options, ['parts']);
  return trainingOf(where, config, options.parts);
}

/** `trainingFromConfig` under the name of who asks. */
export function trainingOf(where: string, config: unknown, parts?: Parts): ConfiguredTraining {
  if (parts !== undefined) checkParts(where, parts, knownKinds());
  return asFormatError(() => {
    const example = '{ "input": [2], "batchSize": 32, "layers": [...], "loss": {...}, "optimizer": {...} }';
    const record = recordOf(`${where}: the configuration`, config, example);
    checkOptions(where, record, KNOWN);
    const all = parts ? withOwnParts(where, record, parts, makeAny) : record;
    const { layers, loss, optimizer, regularizer, constraint, augmentation, input, batchSize } = all as Options;
    const list: unknown = layers;
    if (!Array.isArray(list)) throw new TypeError(`${where}: layers must be an array of layers, got ${show(list)}`);
    if (list.length === 0) throw new RangeError(`${where}: layers must hold at least one layer`);
    const model = sequential(list.map((layer, i) => make(`${where}: layers[${i}]`, LAYERS, layer)));
    const options = {
      input,
      batchSize,
      loss: make(`${where}: loss`, LOSSES, loss),
      optimizer: make(`${where}: optimizer`, OPTIMIZERS, optimizer),
      regularizer: makeIfGiven(`${where}: regularizer`, REGULARIZERS, regularizer),
      constraint: makeIfGiven(`${where}: constraint`, CONSTRAINTS, constraint),
      augmentation: makeIfGiven(`${where}: augmentation`, AUGMENTATIONS, augmentation),
    };
    checkTrainerOptions(where, model, options);
    return { model, options };
  });
}
