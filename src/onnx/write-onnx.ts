import type { FeaturePreparation } from '../table/preparation.js';
import { classNames, readAnnotations } from '../train/annotations.js';
import { readModel } from '../train/checkpoint.js';
import { trainingOf } from '../train/training-from-config.js';
import { addAnswers } from './answers.js';
import { addColumns } from './columns.js';
import { Graph } from './graph.js';
import { addNetwork } from './network.js';

const WHERE = 'toOnnx';

/** Returns an ONNX file of the model in a file of `save`. @throws EngineError of kind `format` naming what in it is wrong */
export function writeOnnx(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const stored = readModel(WHERE, file);
  const { model, options } = trainingOf(WHERE, stored.config);
  const { loss, input } = options;
  const features = input.reduce((product, extent) => product * extent, 1);
  const units = model.layers.map((layer) => layer.options.units).filter((each) => typeof each === 'number');
  const outputs = units.at(-1) ?? features;
  const annotations = readAnnotations(WHERE, stored.entries, { features, outputs, loss });
  const { metadata, preparation } = annotations;
  const graph = new Graph();
  const x = preparation ? addColumns(graph, preparation.features) : graph.input('x', 'float32', features);
  const output = addNetwork(graph, x, { ...stored, layers: model.layers });
  const [classes, target] = [classNames(annotations), preparation?.target];
  addAnswers(graph, output, { loss: loss.kind, outputs, classes, target });
  const facts = { loss: loss.kind, classes, target: target?.name, columns: preparation?.features.map(columnFacts) };
  const texts = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [[`wgrad.${key}`, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  return graph.encode({ ...metadata, ...Object.fromEntries(texts) });
}

/** Returns what a user of the file must know of an input. */
function columnFacts(feature: FeaturePreparation): object {
  const { name, kind } = feature;
  return 'values' in feature ? { name, kind, values: feature.values } : { name, kind };
}
