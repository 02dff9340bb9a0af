import { checkNumber, type NumberRange, show } from '../errors/arguments.js';
import type { HostFunction } from '../graph/step.js';
import { type Shape, scalar, state, type Tensor, Trace, words } from '../ops/index.js';
import type { Key } from '../random/philox.js';
import { SOURCE_WORDS } from '../random/source.js';
import { type HyperParameter, type HyperTable, startsOf } from './hyper-parameters.js';
import type { Parameter, ParameterRequest } from './layer.js';

/** A tensor that a step changes, with its values before the first step. */
export interface DeclaredState {
  readonly name: string;
  readonly tensor: Tensor;
  /** Returns the values before the first step, tight; a member's seed decides those of parameters. */
  initial(seed: Key): Float32Array;
}

/** A word, or two with a dot between. */
const HYPER_NAME = /^[a-z]\w*(\.[a-z]\w*)?$/i;

/** The leaves that the parts of a model declare while it is traced: the same ones each time. */
export class Declarations {
  readonly trace = new Trace();
  /** In the order of the layers. */
  readonly parameters: (Parameter & DeclaredState)[] = [];
  /** States of layers beside their parameters. */
  readonly layerStates: DeclaredState[] = [];
  readonly optimizerStates: DeclaredState[] = [];
  /** The host function of every scalar of a step. */
  readonly scalars = new Map<Tensor, HostFunction>();
  /** The words of every dropout layer; filled by tracing with masks. */
  readonly dropoutSources: Tensor[] = [];
  /** The names of the random parts, each at the place of its number. */
  readonly #randomNames: string[] = [];
  readonly #hyperTable: Record<string, HyperParameter> = {};

  /** The hyper-parameters that the model's parts have declared. */
  get hyperTable(): HyperTable {
    return this.#hyperTable;
  }

  /** The initial value of every hyper-parameter. */
  get hyper(): Record<string, number> {
    return startsOf(this.#hyperTable);
  }

  /** Everything that a step may change: parameters, states of layers, states of the optimiser. */
  get states(): readonly DeclaredState[] {
    return [...this.parameters, ...this.layerStates, ...this.optimizerStates];
  }

  /** True if a layer draws random numbers; known once the model is traced in training. */
  get isRandom(): boolean {
    return this.dropoutSources.length + this.#randomNames.length > 0;
  }

  declareHyper(name: string, start: number, range: NumberRange): void {
    if (!HYPER_NAME.test(name)) throw new Error(`hyper: the name must be NAME or LAYER.NAME, got ${show(name)}`);
    const known = this.#hyperTable[name] ?? { start: checkNumber('hyper', name, start, range), range };
    if (known.start !== start) throw new Error(`hyper: ${name} starts with ${known.start}, and now with ${start}`);
    this.#hyperTable[name] = known;
  }

  parameter(name: string, { rows, cols, under, ...request }: ParameterRequest): Tensor {
    const tensor = state(this.trace, name, rows, cols, under);
    if (this.parameters.some((known) => known.tensor === tensor)) return tensor;
    const index = this.parameters.length;
    const fill = (seed: Key) => request.initializer.fill(new Float32Array(rows * cols), rows, cols, seed, index);
    this.parameters.push({ ...request, name, tensor, initial: fill });
    return tensor;
  }

  layerState(name: string, { rows, cols, start }: Shape & { readonly start: number }): Tensor {
    return declareState(this.layerStates, name, state(this.trace, name, rows, cols), () => start);
  }

  optimizerState({ tensor, name }: Parameter, of: string, start: 'value' | number = 0): Tensor {
    const { rows, cols, attributes } = tensor;
    const under = attributes.under === undefined ? undefined : `${attributes.under}.${of}`;
    const made = state(this.trace, `${name}.${of}`, rows, cols, under);
    const parameter = this.parameters.find((known) => known.tensor === tensor);
    const fill = start === 'value' ? parameter?.initial : undefined;
    return declareState(this.optimizerStates, `${name}.${of}`, made, fill ?? (() => Number(start)));
  }

  scalar(name: string, host: HostFunction = ({ hyper }) => [hyper[name]]): Tensor {
    return this.#declare(scalar(this.trace, name), host);
  }

  words(name: string, count: number, host: HostFunction): Tensor {
    return this.#declare(words(this.trace, name, count), host);
  }

  randomNumber(name: string): number {
    if (!this.#randomNames.includes(name)) this.#randomNames.push(name);
    return this.#randomNames.indexOf(name);
  }

  dropoutSource(layer: number, host: HostFunction): Tensor {
    const source = this.words(`dropout${layer}`, SOURCE_WORDS, host);
    this.dropoutSources[layer] = source;
    return source;
  }

  #declare(leaf: Tensor, host: HostFunction): Tensor {
    this.scalars.set(leaf, host);
    return leaf;
  }
}

/** Adds a state to a list, unless it is there; returns its tensor. */
function declareState(
  list: DeclaredState[],
  name: string,
  tensor: Tensor,
  start: (seed: Key) => Float32Array | number,
): Tensor {
  if (!list.some((known) => known.tensor === tensor)) {
    const initial = (seed: Key) => {
      const values = start(seed);
      return typeof values === 'number' ? new Float32Array(tensor.rows * tensor.cols).fill(values) : values;
    };
    list.push({ name, tensor, initial });
  }
  return tensor;
}
