import {
  adam,
  createTrainer,
  dense,
  dropout,
  type Engine,
  type Loss,
  l2,
  relu,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';

/** Rows of a batch. */
export const ROWS = 4;
const COPY = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** A buffer as a caller may have it. */
export function upload(
  device: GPUDevice,
  data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  usage = COPY,
): GPUBuffer {
  const buffer = device.createBuffer({ size: data.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

export const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
export const labels = (seed: number) => Uint32Array.from({ length: ROWS }, (_, i) => (i + seed) % 3);

/** A small network with dropout and three outputs. */
export const MODEL = sequential([dense(6), relu(), dropout(0.5), dense(3)]);
export const OPTIONS = {
  input: [4],
  batchSize: ROWS,
  loss: softmaxCrossEntropy(),
  optimizer: adam(),
  regularizer: l2(0.01),
};

/** A trainer of the network. */
export const trainerOf = (engine: Engine, features: number, loss: Loss = softmaxCrossEntropy()) =>
  createTrainer(engine, MODEL, { ...OPTIONS, input: [features], loss });
