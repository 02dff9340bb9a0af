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

/** A trainer of a small network with dropout and three outputs. */
export const trainerOf = (engine: Engine, features: number, loss: Loss = softmaxCrossEntropy()) =>
  createTrainer(engine, sequential([dense(6), relu(), dropout(0.5), dense(3)]), {
    input: [features],
    batchSize: ROWS,
    loss,
    optimizer: adam(),
    regularizer: l2(0.01),
  });
