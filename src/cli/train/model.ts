import { type ConfiguredTraining, type Dataset, trainingFromConfig } from '../../index.js';
import { checkTrainerOptions, traceTraining } from '../../train/trainer-options.js';
import type { OptionValues } from '../parse-options.js';
import { count } from '../terminal/numbers.js';
import type { TrainConfig } from './config.js';
import { numberOption, type OwnNumbers } from './own-numbers.js';
import { checkGroups, readGroups } from './parameter-groups.js';
import {
  augmentationOf,
  constraintOf,
  partTexts,
  regularizerOf,
  withClipping,
  withParts,
} from './part-descriptions.js';
import { DROPOUT_KINDS, type PartSettings } from './part-settings.js';
import { ACTIVATIONS, LOSSES, type LossName, NORMS, OPTIMIZERS } from './presets.js';

/** The settings that make a network and its training. */
export type NetworkConfig = PartSettings &
  OwnNumbers &
  Pick<
    TrainConfig,
    | 'loss'
    | 'labelSmoothing'
    | 'hidden'
    | 'norm'
    | 'activation'
    | 'dropout'
    | 'l2'
    | 'l2Convention'
    | 'optimizer'
    | 'learningRate'
    | 'momentum'
    | 'weightDecay'
    | 'batch'
    | 'startsGuessing'
  >;

/** The sizes of the data that a network learns from. */
export type DataSizes = Pick<Dataset, 'examples' | 'features' | 'outputs' | 'classes'>;

/**
 * Returns the model of a configuration and its training options, but for the seed. If one hidden layer drops units, all
 * have a dropout layer, so that the masks of one do not depend on the rate of another.
 * @param space of a search: a network has the dropout layers and the penalty that it varies even where they are 0 here
 */
export function buildTraining(config: NetworkConfig, data: DataSizes, space: object = {}): ConfiguredTraining {
  const { labelSmoothing, hidden, norm, activation, l2, l2Convention, batch } = config;
  const loss = lossOf(config, data);
  const norms = norm === null ? [] : [{ kind: NORMS[norm].kind }];
  const layers = hidden.map(
    (units) =>
      [
        { kind: 'dense', units },
        ...norms,
        { kind: ACTIVATIONS[activation].kind, ...numberOption('activation', activation, config) },
      ] as const,
  );
  const last = {
    kind: 'dense',
    units: outputsOf(config, data),
    initializer: config.startsGuessing ? { kind: 'zeros' } : undefined,
  };
  const examples = l2Convention === 'mean' ? data.examples : undefined;
  const ofL2 = 'l2' in space || l2 > 0 ? { kind: 'l2', strength: l2, convention: l2Convention, examples } : undefined;
  return trainingFromConfig({
    input: [data.features],
    batchSize: batch,
    layers: withParts([...layers, [last]], config, data, space),
    loss: {
      kind: LOSSES[loss].kind,
      ...numberOption('loss', loss, config),
      ...(labelSmoothing !== null && { labelSmoothing }),
    },
    optimizer: withClipping(optimizerOf(config), config, space),
    regularizer: regularizerOf(config, ofL2, space),
    constraint: constraintOf(config, space),
    augmentation: augmentationOf(config, space),
  });
}

function optimizerOf({ optimizer, learningRate, momentum, weightDecay }: NetworkConfig) {
  const { kind, nesterov } = OPTIMIZERS[optimizer];
  // Null is for an optimizer that has no such option.
  const own = Object.entries({ nesterov, momentum, weightDecay }).filter(([, value]) => value !== null);
  return { kind, learningRate, ...Object.fromEntries(own) };
}

/** Returns the loss that is trained: that of the configuration, or else one of classes if the data have some, of numbers otherwise. */
export const lossOf = ({ loss }: Pick<TrainConfig, 'loss'>, { classes }: Pick<Dataset, 'classes'>): LossName =>
  loss ?? (classes === undefined ? 'mean-squared-error' : 'softmax-cross-entropy');

/** Refuses a loss that the data have no targets for. @throws UsageError */
export function checkLoss(config: NetworkConfig, data: DataSizes, { refuse }: OptionValues): void {
  const { classes } = data;
  const loss = lossOf(config, data);
  if (!suits(loss, classes)) {
    const has =
      classes === undefined ? 'numbers' : LOSSES[loss].targets === 'numbers' ? 'classes' : `${classes} classes`;
    throw refuse(`--loss ${loss} is for ${LOSSES[loss].targets}, and the data has ${has} to learn`);
  }
  if (config.labelSmoothing === null || loss === 'softmax-cross-entropy') return;
  throw refuse(`--label-smoothing is for the loss softmax-cross-entropy, got ${loss}`);
}

/** Returns true if a loss has a meaning for so many classes; undefined for numbers. */
export function suits(loss: LossName, classes: number | undefined): boolean {
  const { targets } = LOSSES[loss];
  return targets === 'two classes' ? classes === 2 : targets === (classes === undefined ? 'numbers' : 'classes');
}

/** Returns the units of the last layer: one for each class or column of the targets, a single one for a loss of two classes. */
export function outputsOf(config: Pick<TrainConfig, 'loss'>, data: Pick<Dataset, 'classes' | 'outputs'>): number {
  return LOSSES[lossOf(config, data)].targets === 'two classes' ? 1 : (data.classes ?? data.outputs);
}

/** Returns the number of weights and biases, and of the rates that concrete dropout learns. */
export function parameterCount(
  { loss = null, hidden, dropoutKind }: Pick<TrainConfig, 'hidden'> & Partial<TrainConfig>,
  data: DataSizes,
): number {
  const widths = [data.features, ...hidden, outputsOf({ loss }, data)];
  const rates = dropoutKind === 'concrete' ? hidden.length : 0;
  return widths.slice(1).reduce((sum, units, i) => sum + (widths[i] + 1) * units, rates);
}

/** Refuses groups of parameters that the network does not have, or a decay that the optimizer does not have. @throws UsageError */
export function checkNetworkGroups(config: NetworkConfig, data: DataSizes, values: OptionValues): void {
  const { groups, optimizer } = config;
  if (groups === null) return;
  const { model, options } = buildTraining({ ...config, groups: null }, data);
  const where = 'wgrad train';
  const { parameters } = traceTraining(where, model, checkTrainerOptions(where, model, options)).model;
  checkGroups(
    groups,
    parameters.map(({ name }) => name),
    values,
  );
  const decays = readGroups(groups, values).some(({ weightDecay }) => weightDecay !== undefined);
  if (decays && OPTIMIZERS[optimizer].weightDecay === null) {
    throw values.refuse(`--groups: decay is for the optimizers adamw, sgdw and lion, got ${optimizer}`);
  }
}

/** Parameters of the largest network: 1 GB of them. */
const MOST_PARAMETERS = 2 ** 28;

/** Refuses a network that nothing could hold. @throws UsageError */
export function checkSize(config: Pick<TrainConfig, 'hidden'>, data: DataSizes, { refuse }: OptionValues): void {
  const parameters = parameterCount(config, data);
  if (parameters <= MOST_PARAMETERS) return;
  const most = `at most ${count(MOST_PARAMETERS)} parameters`;
  throw refuse(`--hidden ${config.hidden.join()} makes a network of ${count(parameters)}; it may have ${most}`);
}

const PENALTIES = { half: '(λ/2)·Σw²', sum: 'λ·Σw²', mean: '(λ/2m)·Σw²' } as const;

/** Names of settings that a search varies. */
type Searched = Readonly<Record<string, unknown>>;

/** Returns the network in words: `784 - dense 128, ReLU, dropout 0.2 - dense 10`. */
export function describeModel(
  { hidden, norm, activation, dropout, dropoutKind, inputNoise }: TrainConfig,
  features: number,
  outputs: number,
  searched: Searched = {},
): string {
  const layers = hidden.map((units, i) => {
    const { text } = DROPOUT_KINDS[dropoutKind];
    const drops = 'dropout' in searched ? [text] : dropout[i] > 0 ? [`${text} ${dropout[i]}`] : [];
    const norms = norm === null ? [] : [NORMS[norm].text];
    return [`dense ${count(units)}`, ...norms, ACTIVATIONS[activation].text, ...drops].join(', ');
  });
  const noise = 'noise' in searched ? ' with noise' : inputNoise > 0 ? ` with noise ${inputNoise}` : '';
  return [`${count(features)}${noise}`, ...layers, `dense ${count(outputs)}`].join(' - ');
}

/** Returns the training in words. */
export function describeTraining(config: TrainConfig, data: Pick<Dataset, 'classes'>, searched: Searched = {}): string {
  const { l2, l2Convention, optimizer, learningRate, momentum, weightDecay, batch, epochs, seed, balance } = config;
  const texts = partTexts(config, searched);
  const parts = [
    LOSSES[lossOf(config, data)].text,
    ...(config.labelSmoothing === null ? [] : [`label smoothing ${config.labelSmoothing}`]),
    ...(balance ? ['every class of the same weight, in losses and accuracies of epochs too'] : []),
    'l2' in searched
      ? `L2 ${PENALTIES[l2Convention]}`
      : l2 === 0
        ? 'no L2'
        : `L2 ${PENALTIES[l2Convention]} with λ = ${l2}`,
    ...texts.penalties,
    `${OPTIMIZERS[optimizer].text}${'learningRate' in searched ? '' : ` at ${learningRate}`}`,
    ...(momentum ? [`momentum ${momentum}`] : []),
    ...(weightDecay ? [`weight decay ${weightDecay}`] : []),
    ...texts.optimizer,
    `batches of ${count(batch)}`,
    `${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    `seed ${seed}`,
  ];
  return parts.join(', ');
}
