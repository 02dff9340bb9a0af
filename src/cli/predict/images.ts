import { open, readFile } from 'node:fs/promises';
import { EngineError } from '../../errors/engine-error.js';
import { parseIdx, type TrainedModel } from '../../index.js';
import { count } from '../terminal/numbers.js';
import { loadMnist } from '../train/mnist.js';
import type { PredictRows } from './rows.js';

/** Returns true for a file that begins as IDX does: with two zero bytes, which text does not have. */
export async function isIdx(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0 && buffer[1] === 0;
  } finally {
    await file.close();
  }
}

/** Returns the images of an IDX file. @throws EngineError of kind `format`, or `data` if the model takes others */
export async function imagesOfFile(path: string, model: TrainedModel): Promise<PredictRows> {
  const { shape, data } = parseIdx(await readFile(path));
  checkPixels(path, shape.slice(1), model);
  return { x: Float32Array.from(data, (value) => value / 255), notes: [] };
}

/** Returns the test images of a directory like that of MNIST, with their classes. @throws as `imagesOfFile` does */
export async function imagesOfDirectory(path: string, model: TrainedModel): Promise<PredictRows> {
  const { test } = await loadMnist(path);
  checkPixels(path, [test.features], model);
  return { x: Float32Array.from(test.x, (value) => value * test.scale), truth: Uint32Array.from(test.y), notes: [] };
}

function checkPixels(path: string, extents: readonly number[], { features }: TrainedModel): void {
  const pixels = extents.reduce((product, extent) => product * extent, 1);
  if (pixels === features) return;
  throw new EngineError(
    'data',
    `${path}: the model takes ${count(features)} numbers a row, got ${count(pixels)} pixels`,
  );
}
