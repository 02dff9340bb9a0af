import { type Described, isDescribed } from '../nn/described.js';
import type { Layer } from '../nn/layer.js';
import type { Graph } from './graph.js';

/** The layers of a network with their numbers. */
export interface Network {
  readonly layers: readonly Layer[];
  /** Parameters and states of layers by name, such as `dense0.w`. */
  readonly states: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
  /** Among other numbers, `leakyRelu0.slope`, `elu0.saturation` and their like. */
  readonly hyper: Readonly<Record<string, number>>;
}

/** Adds the layers of a network to inputs [rows, features] and returns its outputs. */
export function addNetwork(graph: Graph, x: string, { layers, states, hyper }: Network): string {
  let [dense, leaky, elu, standout, layerNorm, batchNorm] = [0, 0, 0, 0, 0, 0];
  const parameter = (name: string, shapeOf = (shape: readonly number[]) => shape): string => {
    const state = states.get(name);
    if (!state) throw new Error(`toOnnx: '${name}' is missing`);
    return graph.constant(name, shapeOf(state.shape), state.data);
  };
  const row = (name: string) => parameter(name, ([, cols]) => [cols]);
  return layers.map(withoutMasks).reduce((y, { kind, options }) => {
    if (TRAINING_ONLY.has(kind)) return y;
    if (kind === 'gelu') return addGelu(graph, y);
    if (kind === 'leakyRelu') return graph.node('LeakyRelu', [y], { alpha: hyper[`leakyRelu${leaky++}.slope`] });
    if (kind === 'elu') return graph.node('Elu', [y], { alpha: hyper[`elu${elu++}.saturation`] });
    if (kind === 'silu') return graph.node('Mul', [y, graph.node('Sigmoid', [y])]);
    if (kind === 'standout') return addStandout(graph, y, `standout${standout++}`, hyper);
    const epsilon = { epsilon: Number(options.epsilon) };
    if (kind === 'layerNorm') {
      const name = `layerNorm${layerNorm++}`;
      return graph.node('LayerNormalization', [y, row(`${name}.gain`), row(`${name}.b`)], epsilon);
    }
    if (kind === 'batchNorm') {
      const name = `batchNorm${batchNorm++}`;
      const numbers = ['gain', 'b', 'mean', 'variance'].map((part) => row(`${name}.${part}`));
      return graph.node('BatchNormalization', [y, ...numbers], epsilon);
    }
    if (kind !== 'dense') return graph.node(operatorOf(kind), [y]);
    const name = `dense${dense++}`;
    if (options.bias === false) return graph.node('MatMul', [y, parameter(`${name}.w`)]);
    return graph.node('Gemm', [y, parameter(`${name}.w`), parameter(`${name}.b`)]);
  }, x);
}

/** Layers that do nothing outside of training. */
const TRAINING_ONLY = new Set(['activityPenalty', 'dropout', 'gaussianDropout', 'alphaDropout', 'gaussianNoise']);

/** Returns the layer inside of one that masks its inputs or weights in training, or the layer itself. */
const withoutMasks = ({ kind, options }: Described): Described =>
  isDescribed(options.layer) ? options.layer : { kind, options };

/**
 * Returns the operator of an activation: ONNX has our names, with a capital letter. An activation that ONNX does not have needs
 * nodes of its own above, as `gelu`; test/onnx/networks.test.ts tries all of them.
 */
function operatorOf(kind: string): string {
  return `${kind[0].toUpperCase()}${kind.slice(1)}`;
}

/** x · (1 + erf(x / √2)) / 2. From opset 20 on ONNX has a Gelu. */
function addGelu(graph: Graph, x: string): string {
  const number = (name: string, value: number) => graph.constant(name, [1, 1], new Float32Array([value]));
  const erf = graph.node('Erf', [graph.node('Mul', [x, number('root_half', Math.SQRT1_2)])]);
  const twice = graph.node('Add', [erf, number('one', 1)]);
  return graph.node('Mul', [x, graph.node('Mul', [twice, number('half', 0.5)])]);
}

/** x · σ(scale · x + shift). */
function addStandout(graph: Graph, x: string, name: string, hyper: Network['hyper']): string {
  const number = (part: string) => graph.constant(`${name}.${part}`, [], Float32Array.of(hyper[`${name}.${part}`]));
  const sum = graph.node('Add', [graph.node('Mul', [x, number('scale')]), number('shift')]);
  return graph.node('Mul', [x, graph.node('Sigmoid', [sum])]);
}
