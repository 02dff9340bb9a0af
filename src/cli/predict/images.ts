import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../../errors/engine-error.js';
import { type Dataset, dataset, parseIdx, type TrainedModel } from '../../index.js';
import { count } from '../terminal/numbers.js';
import { loadMnist, readUnpacked } from '../train/mnist.js';

/** Images to predict. */
export interface PredictImages {
  /** Inputs of the model [images, features]. */
  readonly x: Float32Array;
  /** Their classes, if they are known. */
  readonly truth?: Uint32Array;
}

/** Returns true for a file that begins as IDX does, with two zero bytes, or is packed and named as IDX files are. */
export async function isIdx(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    if (bytesRead < 2) return false;
    const isPacked = buffer[0] === 0x1f && buffer[1] === 0x8b;
    return (buffer[0] === 0 && buffer[1] === 0) || (isPacked && /idx\d|ubyte/i.test(basename(path)));
  } finally {
    await file.close();
  }
}

/** Returns the images of an IDX file. @throws EngineError of kind `format`, or `data` if the model takes others */
export async function imagesOfFile(path: string, model: TrainedModel): Promise<PredictImages> {
  const { shape, data } = parseIdx(await readUnpacked(path));
  const features = shape.slice(1).reduce((product, extent) => product * extent, 1);
  checkPixels(path, features, model);
  return { x: inputsOf(dataset({ x: data, y: new Float32Array(shape[0]), features })) };
}

/** Returns the test images of a directory like that of MNIST, with their classes. @throws as `imagesOfFile` does */
export async function imagesOfDirectory(path: string, model: TrainedModel): Promise<PredictImages> {
  const { test } = await loadMnist(path);
  checkPixels(path, test.features, model);
  const { classNames } = test;
  const { classes } = model;
  const classOf = (label: number) => (classNames && classes ? classes.indexOf(classNames[label]) : label);
  return { x: inputsOf(test), truth: Uint32Array.from(test.y, classOf) };
}

/** Returns examples as the numbers that a model is trained on. */
function inputsOf({ x, scale, offset }: Dataset): Float32Array {
  return x instanceof Float32Array ? x : Float32Array.from(x, (value) => value * scale + offset);
}

function checkPixels(path: string, pixels: number, { features }: TrainedModel): void {
  if (pixels === features) return;
  throw new EngineError(
    'data',
    `${path}: the model takes ${count(features)} numbers a row, got ${count(pixels)} pixels`,
  );
}
