import { expect } from 'vitest';
import {
  dense,
  dropout,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type TrainerOptions,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import type { CountingDevice } from './counting-device.js';

/** A small classifier with dropout and a penalty. */
export const MODEL = sequential([dense(4), relu(), dropout(0.5), dense(3)]);
export const OPTIONS: TrainerOptions = {
  input: [2],
  batchSize: 4,
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  regularizer: l2(0.1),
};

/** A call, and exactly what it throws. */
export type Refusal = readonly [what: string, run: () => unknown, message: string];

/** Checks that the message is exact, and that until then nothing was asked of the device. */
export async function expectRefused(counting: CountingDevice, [, run, message]: Refusal): Promise<void> {
  const counts = await counting.during(async () => expect(await complaint(run)).toBe(message));
  expect(counts).toMatchObject({ buffers: 0, pipelines: 0, submits: 0 });
}
