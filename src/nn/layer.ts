import { type NumberRange, show } from '../errors/arguments.js';
import type { HostContext, HostFunction } from '../graph/step.js';
import type { Shape, Tensor, Trace } from '../ops/tensor.js';
import { checkDescribed, type Described } from './described.js';
import type { Initializer } from './initializers.js';

/** A tensor that training changes. */
export interface Parameter {
  readonly name: string;
  readonly tensor: Tensor;
  /** False: weight decay leaves it alone, as it does with biases. */
  readonly decays: boolean;
  /** False: penalties leave it alone unless they are asked to, as they do with biases. */
  readonly penalised: boolean;
  /** The name of the layer it belongs to, such as `dense0`. */
  readonly layer: string;
  readonly initializer: Initializer;
  /** The layer's own regularizer, in place of the model's. */
  readonly regularizer?: Regularizer | undefined;
  /** The layer's own constraint, in place of the model's. */
  readonly constraint?: Constraint | undefined;
}

/** A parameter that a layer asks for. */
export type ParameterRequest = Omit<Parameter, 'tensor' | 'name'> & Shape & { readonly under?: string };

/** The requests that a layer may make while it is traced. */
export interface LayerContext {
  readonly trace: Trace;
  /** True: a step of training is traced. Batch norm takes the statistics of the batch. */
  readonly training: boolean;
  /** True in training and for `predictSamples`. Dropout does nothing unless this is set. */
  readonly random: boolean;
  /** The words of the batch, from which `batchMean` and `tileSums` know its valid rows. */
  readonly batch: Tensor;
  /** The weights of the rows, [m, 1], where a step of training has them. */
  readonly weights?: Tensor | undefined;
  /** Returns the name of the next layer of a kind: `dense0`, `dense1`, ... */
  layerName(kind: string): string;
  /** Returns the number of a random part of the model by its name, counted from 0 in the order of first calls. */
  randomNumber(name: string): number;
  /** Declares a parameter; the same one each time the model is traced. */
  parameter(name: string, request: ParameterRequest): Tensor;
  /** Declares a state of the layer beside its parameters, [rows, cols], which starts with the same number everywhere. */
  state(name: string, request: Shape & { readonly start: number }): Tensor;
  /** Sets a state of the layer to a value at the end of a step of training; does nothing outside of training. */
  update(state: Tensor, value: Tensor): void;
  /**
   * Adds a term to the objective of a step of training: [1, 1] beside the mean loss, or one a row, [m, 1], to the losses of
   * which it is the mean, weights of examples included.
   */
  penalty(term: Tensor): void;
  /** Declares an f32 scalar of the step. Default host function: the hyper-parameter of that name. */
  scalar(name: string, host?: HostFunction): Tensor;
  /** Declares u32 words of the host. */
  words(name: string, count: number, host: HostFunction): Tensor;
  /** Declares the words from which a dropout layer draws its masks; `host` gets its number, counted from 0. */
  dropoutSource(host: (layer: number) => HostFunction): Tensor;
  /**
   * Declares a hyper-parameter, for host functions to read and `set` to change, with the value it starts with and the
   * values it may have. Its name is `NAME`, or `LAYER.NAME` where every layer has its own.
   * @throws Error if it was declared with another start, or its name is none of these
   */
  hyper(name: string, start: number, range: NumberRange): void;
}

/** The requests that may be made where the optimiser's step of a parameter is known. */
export interface StepContext extends LayerContext {
  /** Returns the optimiser's learning rate for the parameter at a step. @throws Error if the optimiser does not tell it */
  readonly rate: HostRate;
}

/** The learning rate at a step, from the hyper-parameters as they stand. */
export type HostRate = (host: HostContext) => number;

/** A penalty on parameters. */
export interface Regularizer extends Described {
  /**
   * The penalty of one parameter as [1, 1], or undefined if it is not penalised. It is added to the objective, unless there is
   * a `proximal` step in place of its gradient.
   */
  penalty(parameter: Parameter, context: LayerContext): Tensor | undefined;
  /** Returns the new value of a parameter after the proximal step of its penalty, which follows the optimiser's. */
  proximal?(parameter: Parameter, value: Tensor, context: StepContext): Tensor;
  /** The penalties that it is the sum of, each of which has its own gradient or proximal step. Default: it is one. */
  readonly parts?: readonly Regularizer[];
}

/** A condition that parameters keep. */
export interface Constraint extends Described {
  /** Returns the value that a parameter takes in place of the new one, after the optimiser and a proximal step. */
  constrain(parameter: Parameter, value: Tensor, context: StepContext): Tensor;
}

/** One layer of a model: a plain object that can be traced any number of times. */
export interface Layer extends Described {
  /** Returns the layer's output for `x` [m, features]. */
  apply(x: Tensor, context: LayerContext): Tensor;
}

/** Layers one after another. */
export interface Model {
  readonly layers: readonly Layer[];
}

/**
 * A model of layers one after another.
 * @throws TypeError if `layers` is no array of layers, RangeError if it is empty
 */
export function sequential(layers: readonly Layer[]): Model {
  if (!Array.isArray(layers)) throw new TypeError(`sequential: layers must be an array, got ${show(layers)}`);
  if (layers.length === 0) throw new RangeError('sequential: layers must hold at least one layer');
  for (const [i, layer] of layers.entries()) checkDescribed('sequential', `layers[${i}]`, layer, 'apply', 'dense(10)');
  return { layers: [...layers] };
}
