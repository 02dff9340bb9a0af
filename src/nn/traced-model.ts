import { checkNumber, type NumberRange, show } from '../errors/arguments.js';
import { gradients } from '../graph/gradient.js';
import { type HostFunction, live, type Step, type Update } from '../graph/step.js';
import { add, BATCH_WORDS, batchMean, bitsFromFloat, gatherRows, multiply } from '../ops/index.js';
import { constant, input, type Ownership, scalar, state, words } from '../ops/leaves.js';
import { dropoutOp } from '../ops/random.js';
import { type DType, type Tensor, Trace } from '../ops/tensor.js';
import type { Key } from '../random/philox.js';
import { SOURCE_WORDS } from '../random/source.js';
import { type HyperParameter, type HyperTable, startsOf } from './hyper-parameters.js';
import type { LayerContext, Model, Parameter, ParameterRequest, Regularizer } from './layer.js';
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

/** The inputs of a batch: examples [m, features], targets, and the weights of the examples, [m, 1]. */
export interface BatchLeaves {
  readonly x: Tensor;
  readonly y: Tensor;
  /** Default: all examples weigh the same. */
  readonly weights?: Tensor | undefined;
}

/** A word, or two with a dot between. */
const HYPER_NAME = /^[a-z]\w*(\.[a-z]\w*)?$/i;

/** A model and everything that its training is made of. */
export interface Training {
  readonly model: Model;
  readonly loss: Loss;
  readonly regularizer?: Regularizer | undefined;
  readonly optimizer: Optimizer;
  /** Every member reads the data in an order of its own, and so has batches of its own. Default false. */
  readonly ownOrder?: boolean | undefined;
}

/**
 * A model run on symbolic tensors. Every time it is traced, on a batch or on rows of a data set, for training or for
 * evaluation, its parameters are the same tensors of the same trace.
 */
export class TracedModel {
  readonly trace = new Trace();
  readonly training: Training;
  /** In the order of the layers; filled by tracing. */
  readonly parameters: Parameter[] = [];
  /** States of the optimiser, with the parameter each belongs to. */
  readonly optimizerStates: { readonly name: string; readonly tensor: Tensor }[] = [];
  readonly #hyperTable: Record<string, HyperParameter> = {};
  /** The host function of every scalar of a step. */
  readonly scalars = new Map<Tensor, HostFunction>();
  /** The words of every dropout layer; filled by tracing for training. */
  readonly #dropoutSources: Tensor[] = [];
  /** The names of the random parts, each at the place of its number. */
  readonly #randomNames: string[] = [];
  /** Valid rows of the batch, and the inverse of their number or of the sum of their weights. */
  readonly batch: Tensor;

  constructor(training: Training) {
    this.training = training;
    // A batch of weight 0 has no mean: its gradient is 0.
    this.batch = this.#words('batch', BATCH_WORDS, ({ count, weight = count }) => [
      count,
      bitsFromFloat(weight > 0 ? 1 / weight : 0),
    ]);
  }

  /** The hyper-parameters that the model's parts have declared; filled by tracing. */
  get hyperTable(): HyperTable {
    return this.#hyperTable;
  }

  /** The initial value of every hyper-parameter. */
  get hyper(): Record<string, number> {
    return startsOf(this.#hyperTable);
  }

  /** The first row and the number of rows of a batch in the order of an epoch. */
  get start(): Tensor {
    return this.#words('start', 2, ({ start, count }) => [start, count]);
  }

  /** Declares the input `name`. */
  input(name: string, rows: number, cols: number, dtype: DType = 'f32', ownership?: Ownership): Tensor {
    return input(this.trace, name, rows, cols, dtype, ownership);
  }

  /** Declares the weights of `rows` rows; every member has its own. */
  rowWeights(name: string, rows: number): Tensor {
    return this.input(name, rows, 1, 'f32', { perMember: true });
  }

  /** Returns the model's output for x [m, features]. */
  output(x: Tensor, training: boolean): Tensor {
    const context = this.#context(training);
    return this.training.model.layers.reduce((y, layer) => layer.apply(y, context), x);
  }

  /** The tensors after the masks of dropout in training, by layer with masks: [m, cols] for x [m, features], or weights. */
  dropouts(x: Tensor): Tensor[] {
    const tensors = live([this.output(x, true)]);
    return this.#dropoutSources.flatMap((source) =>
      tensors.filter(({ op, inputs }) => op === dropoutOp && inputs[1] === source),
    );
  }

  /** True if a layer draws random numbers; known once the model is traced in training. */
  get isRandom(): boolean {
    return this.#dropoutSources.length + this.#randomNames.length > 0;
  }

  /** Returns the metrics of a batch: sums over 64 rows of losses, and of correct answers if the loss has them. */
  metrics({ x, y, weights }: BatchLeaves, training: boolean): LossTensors {
    return this.training.loss.apply(this.output(x, training), y, this.batch, weights);
  }

  /** Returns one step of training on a batch. */
  step(batch: BatchLeaves): Step {
    const loss = this.metrics(batch, true);
    const found = gradients(
      this.objective(batch),
      this.parameters.map(({ tensor }) => tensor),
    );
    const pairs = this.parameters.map((parameter, i) => ({ parameter, gradient: found[i] }));
    const updates = this.training.optimizer.update(pairs, this.#optimizerContext());
    return { updates, metrics: metricsOf(loss), outputs: [] };
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
    const { losses } = this.metrics(batch, true);
    const weighed = batch.weights ? multiply(losses, batch.weights) : losses;
    return this.penalties().reduce((sum, penalty) => add(sum, penalty), batchMean(weighed, this.batch));
  }

  /** Returns every parameter's penalty as [1, 1]; call it after the model has been traced. */
  penalties(): Tensor[] {
    const context = this.#context(true);
    return this.parameters.flatMap((parameter) => {
      const penalty = (parameter.regularizer ?? this.training.regularizer)?.penalty(parameter, context);
      return penalty ? [penalty] : [];
    });
  }

  /** Returns a parameter's values before the first step. */
  initial(index: number, seed: Key): Float32Array {
    const { tensor, initializer } = this.parameters[index];
    const { rows, cols } = tensor;
    return initializer.fill(new Float32Array(rows * cols), rows, cols, seed, index);
  }

  #context(training: boolean): LayerContext {
    const counts = new Map<string, number>();
    let dropouts = 0;
    return {
      trace: this.trace,
      training,
      layerName: (kind) => {
        const number = counts.get(kind) ?? 0;
        counts.set(kind, number + 1);
        return `${kind}${number}`;
      },
      randomNumber: (name) => {
        if (!this.#randomNames.includes(name)) this.#randomNames.push(name);
        return this.#randomNames.indexOf(name);
      },
      parameter: (name, request) => this.#parameter(name, request),
      scalar: (name, host = ({ hyper }) => [hyper[name]]) => this.#declare(scalar(this.trace, name), host),
      words: (name, count, host) => this.#words(name, count, host),
      dropoutSource: (host) => {
        const layer = dropouts++;
        const source = this.#words(`dropout${layer}`, SOURCE_WORDS, host(layer));
        this.#dropoutSources[layer] = source;
        return source;
      },
      hyper: (name, start, range) => this.#declareHyper(name, start, range),
    };
  }

  #optimizerContext(): OptimizerContext {
    return {
      ...this.#context(true),
      optimizerState: ({ tensor, name }, of) => {
        const { rows, cols, attributes } = tensor;
        const under = attributes.under === undefined ? undefined : `${attributes.under}.${of}`;
        const made = state(this.trace, `${name}.${of}`, rows, cols, under);
        if (!this.optimizerStates.some((known) => known.tensor === made)) {
          this.optimizerStates.push({ name: `${name}.${of}`, tensor: made });
        }
        return made;
      },
    };
  }

  #parameter(name: string, { rows, cols, under, ...request }: ParameterRequest): Tensor {
    const tensor = state(this.trace, name, rows, cols, under);
    if (!this.parameters.some((known) => known.tensor === tensor)) {
      this.parameters.push({ ...request, name, tensor });
    }
    return tensor;
  }

  #declareHyper(name: string, start: number, range: NumberRange): void {
    if (!HYPER_NAME.test(name)) throw new Error(`hyper: the name must be NAME or LAYER.NAME, got ${show(name)}`);
    const known = this.#hyperTable[name] ?? { start: checkNumber('hyper', name, start, range), range };
    if (known.start !== start) throw new Error(`hyper: ${name} starts with ${known.start}, and now with ${start}`);
    this.#hyperTable[name] = known;
  }

  #words(name: string, count: number, host: HostFunction): Tensor {
    return this.#declare(words(this.trace, name, count), host);
  }

  #declare(leaf: Tensor, host: HostFunction): Tensor {
    this.scalars.set(leaf, host);
    return leaf;
  }
}

/** Returns the tensors that go to the ring. */
export function metricsOf({ lossSums, correctSums }: LossTensors): Tensor[] {
  return correctSums ? [lossSums, correctSums] : [lossSums];
}
