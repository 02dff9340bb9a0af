import { readSafetensors, writeSafetensors } from '../data/safetensors.js';
import { checkOptions } from '../errors/arguments.js';
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

/** The model in a file of `save`, with its annotations. */
export interface ModelFile extends StoredModel {
  readonly annotations: Annotations;
}

/** Returns what a file holds that `save` wrote of the model `of`. @throws EngineError of kind `format` */
export function readModelFile(where: string, bytes: Uint8Array, of: Annotated): ModelFile {
  const stored = readModel(where, bytes);
  return { ...stored, annotations: readAnnotations(where, stored.entries, of) };
}

/**
 * Returns a file that `save` wrote of the model `of`, with other annotations.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function annotateFile(
  where: string,
  bytes: Uint8Array,
  options: AnnotationOptions,
  of: Annotated,
): Uint8Array<ArrayBuffer> {
  checkOptions(where, options, ANNOTATION_OPTIONS);
  const file = readModelFile(where, bytes, of);
  const annotations = annotationsWith(where, file.annotations, options, of);
  const { tensors } = readSafetensors(bytes);
  const others = Object.entries(file.entries).filter(([key]) => !isAnnotation(key));
  return writeSafetensors(
    Array.from(tensors, ([name, tensor]) => ({ name, ...tensor })),
    { ...Object.fromEntries(others), ...writeAnnotations(annotations) },
  );
}
