import { readSafetensors, writeSafetensors } from '../../src/data/safetensors.js';
import { createReferenceEngine, createTrainer } from '../../src/index.js';
import { MODEL, OPTIONS } from './small-classifier.js';

interface File {
  readonly tensors: { name: string; shape: number[]; data: Float32Array | Uint32Array }[];
  readonly metadata: Record<string, string>;
}

/** Returns the file that `save` writes for a small classifier. */
export const GOOD = await (await createTrainer(createReferenceEngine(), MODEL, OPTIONS)).save();

/** The good file, changed. */
export function changed(change: (file: File) => unknown): Uint8Array {
  const { tensors, metadata } = readSafetensors(GOOD);
  const file = { tensors: Array.from(tensors, ([name, { shape, data }]) => ({ name, shape, data })), metadata };
  change(file);
  return writeSafetensors(file.tensors, file.metadata);
}

/** With other values in one JSON object of the metadata; undefined takes a key out. */
export const json = (key: string, values: object) =>
  changed(({ metadata }) => {
    metadata[key] = JSON.stringify({ ...JSON.parse(metadata[key]), ...values });
  });
