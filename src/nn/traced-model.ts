import { show } from '../errors/arguments.js';
import { gradients } from '../graph/gradient.js';
import { live, type Step, type Update } from '../graph/step.js';
import { add, BATCH_WORDS, batchMean, bitsFromFloat, gatherRows, multiply } from '../ops/index.js';
import { constant, input, leafName, type Ownership } from '../ops/leaves.js';
import { dropoutOp } from '../ops/random.js';
import type { DType, Tensor } from '../ops/tensor.js';
import type { Augmentation, AugmentedBatch, BatchLeaves, LossOf } from './augmentation.js';
import { Declarations } from './declarations.js';
import type { Constraint, LayerContext, Model, Parameter, Regularizer, StepContext } from './layer.js';
import type { Loss, LossTensors } from './losses.js';
import type { Optimizer, OptimizerContext } from './optimizers.js';

/** A data set as leaves: examples, targets, and the order in which they are read. */
export interface DataLeaves {
  readonly x: Tensor;
  readonly y?: Tensor | undefined;
  /** One a row. */
  readonly weights?: Tensor | undefined;
  readonly order: Tensor;
  readonly scale: number;
  readonly offset: number;
}

/** The outputs of a model's layers, and what they ask for beside. */
interface Forward {
  readonly y: Tensor;
  /** New values of layers' states, by state. */
  readonly updates: ReadonlyMap<Tensor, Tensor>;
  /** Terms of the objective. */
  readonly penalties: ReadonlySet<Tensor>;
}

/** A model and everything that its training is made of. */
export interface Training {
  readonly model: Model;
  readonly loss: Loss;
  readonly regularizer?: Regularizer | undefined;
  readonly constraint?: Constraint | undefined;
  readonly augmentation?: Augmentation | undefined;
  readonly optimizer: Optimizer;
  /** Every member reads the data in an order of its own, and so has batches of its own. Default false. */
  readonly ownOrder?: boolean | undefined;
}

/**
 * A model run on symbolic tensors. Every time it is traced, on a batch or on rows of a data set, for training or for
 * evaluation, its parameters are the same tensors of the same trace.
 */
export class TracedModel extends Declarations {
  readonly training: Training;
  /** The averages that evaluation reads, by parameter; filled by tracing a step. */
  readonly #averages = new Map<Tensor, Tensor>();
  /** Valid rows of the batch, and the inverse of their number or of the sum of their weights. */
  readonly batch: Tensor;

  constructor(training: Training) {
    super();
    this.training = training;
    // A batch of weight 0 has no mean: its gradient is 0.
    this.batch = this.words('batch', BATCH_WORDS, ({ count, weight = count }) => [
      count,
      bitsFromFloat(weight > 0 ? 1 / weight : 0),
    ]);
  }

  /** The first row and the number of rows of a batch in the order of an epoch. */
  get start(): Tensor {
    return this.words('start', 2, ({ start, count }) => [start, count]);
  }

  /** Declares the input `name`. */
  input(name: string, rows: number, cols: number, dtype: DType = 'f32', ownership?: Ownership): Tensor {
    return input(this.trace, name, rows, cols, dtype, ownership);
  }

  /** Declares the weights of `rows` rows; every member has its own. */
  rowWeights(name: string, rows: number): Tensor {
    return this.input(name, rows, 1, 'f32', { perMember: true });
  }

  /**
   * Returns the model's output for x [m, features]. @param random default: `training`; true with `training` false is for
   * samples, with masks at work on a model that is not trained
   */
  output(x: Tensor, training: boolean, random = training): Tensor {
    return this.#forward({ x }, training, random).y;
  }

  #forward({ x, weights }: Pick<BatchLeaves, 'x' | 'weights'>, training: boolean, random = training): Forward {
    const updates = new Map<Tensor, Tensor>();
    const penalties = new Set<Tensor>();
    const context: LayerContext = {
      ...this.#context(training, random),
      ...(training && { weights }),
      update: (state, value) => updates.set(state, value),
      penalty: (term) => penalties.add(term),
    };
    const y = this.training.model.layers.reduce((y, layer) => layer.apply(y, context), x);
    return { y, updates, penalties };
  }

  /** The tensors after the masks of dropout in training, by layer with masks: [m, cols] for x [m, features], or weights. */
  dropouts(x: Tensor): Tensor[] {
    const tensors = live([this.output(x, false, true)]);
    return this.dropoutSources.flatMap((source) =>
      tensors.filter(({ op, inputs }) => op === dropoutOp && inputs[1] === source),
    );
  }

  /** Returns the metrics of a batch: sums over 64 rows of losses, and of correct answers if the loss has them. */
  metrics(batch: BatchLeaves, training: boolean): LossTensors {
    const seen = training ? this.#augmented(batch) : undefined;
    const { y } = this.#forward(seen ?? batch, training);
    const lossOf: LossOf = (targets, weights) =>
      this.training.loss.apply(y, targets, this.batch, weights, this.#context(training, training));
    return seen?.loss(lossOf) ?? lossOf(batch.y, batch.weights);
  }

  #augmented(batch: BatchLeaves): AugmentedBatch | undefined {
    return this.training.augmentation?.augment(batch, this.#context(true, true));
  }

  /** Returns one step of training on a batch. */
  step(batch: BatchLeaves): Step {
    const loss = this.metrics(batch, true);
    const found = gradients(
      this.objective(batch),
      this.parameters.map(({ tensor }) => tensor),
    );
    const pairs = this.parameters.map((parameter, i) => ({ parameter, gradient: found[i] }));
    const context = this.#optimizerContext();
    const updates = this.training.optimizer.update(pairs, context).flatMap((update) => this.#settle(update, context));
    for (const [state, value] of this.#forward(this.#augmented(batch) ?? batch, true).updates)
      updates.push({ state, value });
    return { updates, metrics: metricsOf(loss), outputs: [] };
  }

  /** Returns an update after proximal step and constraint, and that of the parameter's average. */
  #settle(update: Update, context: OptimizerContext): Update[] {
    const { state } = update;
    const parameter = this.parameters.find(({ tensor }) => tensor === state);
    if (!parameter) return [update];
    const { optimizer } = this.training;
    const step: StepContext = {
      ...context,
      get rate() {
        if (optimizer.rate) return optimizer.rate(parameter);
        throw new Error(`step: the optimizer ${optimizer.kind} does not tell its rate, which a proximal step needs`);
      },
    };
    const stepped = this.#regularizersOf(parameter).reduce(
      (value, regularizer) => regularizer.proximal?.(parameter, value, step) ?? value,
      update.value,
    );
    const constraint = parameter.constraint ?? this.training.constraint;
    const value = constraint?.constrain(parameter, stepped, step) ?? stepped;
    const average = optimizer.average?.(parameter, value, context);
    if (!average) return [{ state, value }];
    this.#averages.set(state, average.state);
    return [{ state, value }, average];
  }

  #regularizersOf({ regularizer = this.training.regularizer }: Parameter): readonly Regularizer[] {
    return regularizer?.parts ?? (regularizer ? [regularizer] : []);
  }

  /** Returns the name of the state that the outputs read in place of a parameter; undefined if there is none. */
  averageOf(parameter: Parameter): string | undefined {
    const average = this.training.optimizer.average?.(parameter, parameter.tensor, this.#optimizerContext());
    return average && leafName(average.state);
  }

  /**
   * Returns the step that fetches rows of a data set into the inputs of a batch.
   * u8 data are normalised on the way: value · scale + offset.
   */
  gather(data: DataLeaves, { x, y, weights }: Partial<BatchLeaves> & Pick<BatchLeaves, 'x'>): Step {
    const rows = gatherRows(data.x, data.order, this.start, x.rows);
    const scaled = data.scale === 1 ? rows : multiply(rows, constant(this.trace, data.scale));
    const value = data.offset === 0 ? scaled : add(scaled, constant(this.trace, data.offset));
    const updates: Update[] = [{ state: x, value }];
    const more = [
      [y, data.y],
      [weights, data.weights],
    ];
    for (const [state, all] of more) {
      if (state && all) updates.push({ state, value: gatherRows(all, data.order, this.start, x.rows) });
    }
    return { updates, metrics: [], outputs: [] };
  }

  /** Returns the objective whose gradient a step follows: the mean loss and every penalty, [1, 1]. */
  objective(batch: BatchLeaves): Tensor {
    const { losses, weighted } = this.metrics(batch, true);
    const seen = this.#augmented(batch) ?? batch;
    const asked = [...this.#forward(seen, true).penalties];
    const isRow = ({ rows }: Tensor) => rows === losses.rows && rows > 1;
    const weigh = (rows: Tensor) => (seen.weights ? multiply(rows, seen.weights) : rows);
    const ofRows = asked.filter(isRow);
    const weighed = weighted ? ofRows.map(weigh).reduce(add, weighted) : weigh(ofRows.reduce(add, losses));
    const own = this.#penalties((regularizer) => !regularizer.proximal);
    const terms = [...own, ...asked.filter((term) => !isRow(term))];
    return terms.reduce((sum, penalty) => add(sum, penalty), batchMean(weighed, this.batch));
  }

  /** Returns every parameter's penalty as [1, 1]; call it after the model has been traced. */
  penalties(): Tensor[] {
    return this.#penalties(() => true);
  }

  #penalties(counts: (regularizer: Regularizer) => boolean): Tensor[] {
    const context = this.#context(true, true);
    return this.parameters.flatMap((parameter) =>
      this.#regularizersOf(parameter).flatMap(
        (regularizer): Tensor | readonly Tensor[] =>
          (counts(regularizer) && penaltyOf(regularizer, parameter, context)) || [],
      ),
    );
  }

  #context(training: boolean, random: boolean): LayerContext {
    const counts = new Map<string, number>();
    let dropouts = 0;
    return {
      trace: this.trace,
      training,
      random,
      batch: this.batch,
      layerName: (kind) => {
        const number = counts.get(kind) ?? 0;
        counts.set(kind, number + 1);
        return `${kind}${number}`;
      },
      randomNumber: (name) => this.randomNumber(name),
      parameter: (name, request) => {
        const tensor = this.parameter(name, request);
        return training ? tensor : (this.#averages.get(tensor) ?? tensor);
      },
      state: (name, request) => this.layerState(name, request),
      update: () => {},
      penalty: () => {},
      scalar: (name, host) => this.scalar(name, host),
      words: (name, count, host) => this.words(name, count, host),
      dropoutSource: (host) => {
        const layer = dropouts++;
        return this.dropoutSource(layer, host(layer));
      },
      hyper: (name, start, range) => this.declareHyper(name, start, range),
    };
  }

  #optimizerContext(): OptimizerContext {
    return {
      ...this.#context(true, true),
      optimizerState: (parameter, of, start) => this.optimizerState(parameter, of, start),
    };
  }
}

/** Returns the tensors that go to the ring. */
export function metricsOf({ lossSums, correctSums }: LossTensors): Tensor[] {
  return correctSums ? [lossSums, correctSums] : [lossSums];
}

/** Returns the penalty of a parameter. @throws TypeError naming the regulariser that returns no scalar */
function penaltyOf(regularizer: Regularizer, parameter: Parameter, context: LayerContext): Tensor | undefined {
  const penalty: unknown = regularizer.penalty(parameter, context);
  if (penalty === undefined) return undefined;
  const { rows, cols } = (penalty ?? {}) as Partial<Tensor>;
  if (rows === 1 && cols === 1) return penalty as Tensor;
  const got = rows === undefined || cols === undefined ? show(penalty) : `[${rows}, ${cols}]`;
  throw new TypeError(
    `regularizer '${regularizer.kind}': penalty must return a tensor of [1, 1], such as sumAll makes, or undefined, got ${got}`,
  );
}
