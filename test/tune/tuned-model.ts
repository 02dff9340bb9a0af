import { GpuEngine } from '../../src/gpu/engine.js';
import { adam, createEngine, dense, dropout, l2, meanSquaredError, relu, sequential } from '../../src/index.js';
import { type CountingDevice, countingDevice } from '../train/counting-device.js';

/** A model of one product forwards and one backwards. */
export const MODEL = sequential([dense(6), relu(), dropout(0.4)]);
export const OPTIONS = {
  input: [5],
  batchSize: 8,
  loss: meanSquaredError(),
  regularizer: l2(0.01),
  optimizer: adam({ learningRate: 0.05 }),
  seed: 3,
};
/** The shapes of its step. */
export const NN = 'matmul-nn m=8,k=5,n=6';
export const TN = 'matmul-tn-sums k=8,m=5,n=6';

/** An engine on a device that counts, and has been probed. */
export async function setUp(): Promise<{ counting: CountingDevice; engine: GpuEngine }> {
  const counting = await countingDevice();
  const engine = await createEngine({ device: counting.device });
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no GPU');
  await engine.probe();
  return { counting, engine };
}
