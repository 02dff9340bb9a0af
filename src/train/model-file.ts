import { readSafetensors, writeSafetensors } from '../data/safetensors.js';
import { checkOptions } from '../errors/arguments.js';
import type { Layer } from '../nn/layer.js';
import {
  ANNOTATION_OPTIONS,
  type Annotated,
  type AnnotationOptions,
  type Annotations,
  annotationsWith,
  isAnnotation,
  readAnnotations,
  writeAnnotations,
} from './annotations.js';
import { readModel, type StoredModel } from './checkpoint.js';
import { trainingOf } from './training-from-config.js';

/** The model in a file of `save`. */
export interface ModelFile extends StoredModel, Annotated {
  readonly layers: readonly Layer[];
  readonly annotations: Annotations;
}

/** Returns the model in a file of `save`; its parameters are not compared with its layers. @throws EngineError of kind `format` */
export function readModelFile(where: string, bytes: Uint8Array): ModelFile {
  const stored = readModel(where, bytes);
  const { model, options } = trainingOf(where, stored.config);
  const { layers } = model;
  const features = options.input.reduce((product, extent) => product * extent, 1);
  const units = layers.map((layer) => layer.options.units).filter((each) => typeof each === 'number');
  const described = { loss: options.loss, features, outputs: units.at(-1) ?? features };
  return { ...stored, ...described, layers, annotations: readAnnotations(where, stored.entries, described) };
}

/** Returns a file of `save` with other annotations. @throws TypeError or RangeError naming the option that is wrong */
export function annotateFile(where: string, bytes: Uint8Array, options: AnnotationOptions): Uint8Array<ArrayBuffer> {
  checkOptions(where, options, ANNOTATION_OPTIONS);
  const file = readModelFile(where, bytes);
  const annotations = annotationsWith(where, file.annotations, options, file);
  const { tensors } = readSafetensors(bytes);
  const others = Object.entries(file.entries).filter(([key]) => !isAnnotation(key));
  return writeSafetensors(
    Array.from(tensors, ([name, tensor]) => ({ name, ...tensor })),
    { ...Object.fromEntries(others), ...writeAnnotations(annotations) },
  );
}
