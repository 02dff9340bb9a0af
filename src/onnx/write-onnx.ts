import { checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { isDescribed, isKnown } from '../nn/described.js';
import type { Layer } from '../nn/layer.js';
import type { FeaturePreparation } from '../table/preparation.js';
import {
  ANNOTATION_OPTIONS,
  type Annotated,
  type AnnotationOptions,
  annotationsWith,
  classNames,
} from '../train/annotations.js';
import { type ModelFile, readModelFile } from '../train/model-file.js';
import { inferenceOf, TrainedModel } from '../train/trained-model.js';
import { sessionOf, Trainer } from '../train/trainer.js';
import { addAnswers } from './answers.js';
import { addColumns } from './columns.js';
import { Graph } from './graph.js';
import { addNetwork } from './network.js';

const WHERE = 'toOnnx';

/** A model as it is written. */
type Parts = Pick<ModelFile, 'states' | 'hyper' | 'annotations'> & Annotated & { readonly layers: readonly Layer[] };

/** Returns an ONNX file of a model, as `toOnnx` describes it. */
export async function writeOnnx(
  model: Trainer | TrainedModel,
  options: AnnotationOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions(WHERE, options, ANNOTATION_OPTIONS);
  const { layers, loss, features, outputs, annotations: kept, ...numbers } = await partsOf(model);
  const strange = layers.findIndex(
    (layer) => !isKnown(layer) || (isDescribed(layer.options.layer) && !isKnown(layer.options.layer)),
  );
  if (strange >= 0) {
    const kind = show(layers[strange].kind);
    throw new EngineError(
      'unsupported',
      `${WHERE}: layers[${strange}] is a layer of your own, ${kind}, which ONNX does not have`,
    );
  }
  const annotations = annotationsWith(WHERE, kept, options, { features, outputs, loss });
  const { metadata, preparation } = annotations;
  const graph = new Graph();
  const x = preparation ? addColumns(graph, preparation.features) : graph.input('x', 'float32', features);
  const output = addNetwork(graph, x, { layers, ...numbers });
  const [classes, target] = [classNames(annotations), preparation?.target];
  addAnswers(graph, output, { meaning: loss.meaning, outputs, classes, target });
  const facts = { loss: loss.kind, classes, target: target?.name, columns: preparation?.features.map(columnFacts) };
  const texts = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined ? [] : [[`wgrad.${key}`, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  return graph.encode({ ...metadata, ...Object.fromEntries(texts) });
}

async function partsOf(model: Trainer | TrainedModel): Promise<Parts> {
  if (model instanceof TrainedModel) {
    const { features, outputs, hyperParameters: hyper, metadata, preparation, classes } = model;
    const inference = inferenceOf(model);
    inference.check();
    const { model: traced, executor } = inference;
    const { loss, model: network } = traced.training;
    const all = [...traced.parameters, ...traced.layerStates];
    const data = await executor.read(all.map(({ tensor }) => tensor));
    const states = new Map(
      all.map(({ name, tensor: { rows, cols } }, i) => [name, { shape: [rows, cols], data: data[i] }]),
    );
    const annotations = { metadata, preparation, classes: preparation ? undefined : classes };
    return { layers: network.layers, loss, features, outputs, states, hyper, annotations };
  }
  if (!(model instanceof Trainer)) {
    throw new TypeError(`${WHERE}: model must be a trainer or a model that loadModel returned, got ${show(model)}`);
  }
  const { model: traced, options, compiled } = sessionOf(model);
  const { layers } = traced.training.model;
  const of = { loss: options.loss, features: options.features, outputs: compiled.outputs };
  return { ...readModelFile(WHERE, await model.save({ weightsOnly: true }), of), ...of, layers };
}

/** Returns what a user of the file must know of an input. */
function columnFacts(feature: FeaturePreparation): object {
  const { name, kind } = feature;
  if ('values' in feature) return { name, kind, values: feature.values };
  return { name, kind, ...(feature.format && { format: feature.format }) };
}
