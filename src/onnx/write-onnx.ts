import type { Preparation } from '../table/prepare-table.js';
import type { TrainingConfig } from '../train/config-of.js';
import { addAnswers } from './answers.js';
import { addColumns } from './columns.js';
import { Graph } from './graph.js';
import { addNetwork, type Network } from './network.js';

/** A model as it is written. */
export interface OnnxModel extends Pick<Network, 'states' | 'hyper'> {
  readonly config: TrainingConfig;
  readonly preparation?: Preparation | undefined;
  /** The names of the classes, where the preparation does not have them. */
  readonly classes?: readonly string[] | undefined;
  /** Texts that it carries. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Returns an ONNX file of a model. */
export function writeOnnx({ config, preparation, metadata, ...model }: OnnxModel): Uint8Array<ArrayBuffer> {
  const { layers, loss, input } = config;
  const target = preparation?.target;
  const classes = target && 'classes' in target ? target.classes : model.classes;
  const graph = new Graph();
  const features = input.reduce((product, extent) => product * extent, 1);
  const x = preparation ? addColumns(graph, preparation.features) : graph.input('x', 'float32', features);
  const outputs = layers.reduce((width, { units }) => (typeof units === 'number' ? units : width), features);
  addAnswers(graph, addNetwork(graph, x, { ...model, layers }), { loss: loss.kind, outputs, classes, target });
  const facts = { loss: loss.kind, classes, target: target?.name, columns: preparation?.features.map(columnFacts) };
  const texts = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [[`wgrad.${key}`, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  return graph.encode({ ...metadata, ...Object.fromEntries(texts) });
}

/** Returns what a user of the file must know of an input. */
function columnFacts(feature: Preparation['features'][number]): object {
  const { name, kind } = feature;
  return 'values' in feature ? { name, kind, values: feature.values } : { name, kind };
}
