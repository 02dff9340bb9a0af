// The worker: it trains with a device of its own and tells the page after every epoch.
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  EngineError,
  l2,
  meanSquaredError,
  sequential,
  tanh,
} from 'wgrad';
import type { FromWorker, ToWorker } from './messages.js';

const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
const stop = new AbortController();

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'stop') stop.abort();
  else train(data).catch((error: unknown) => send({ kind: 'failed', message: String(error) }));
};

async function train({ x, y, epochs }: Extract<ToWorker, { kind: 'train' }>): Promise<void> {
  const engine = await createEngine();
  const trainer = await createTrainer(engine, sequential([dense(32), tanh(), dense(1)]), {
    input: [1],
    batchSize: 32,
    loss: meanSquaredError(),
    regularizer: l2(1e-5),
    optimizer: adam({ learningRate: 0.02 }),
  });
  try {
    const data = dataset({ x, y, features: 1, outputs: 1 });
    for await (const { epoch, trainLoss } of trainer.fit(data, { epochs, signal: stop.signal })) {
      send({ kind: 'epoch', epoch, loss: trainLoss });
    }
  } catch (error) {
    if (!(error instanceof EngineError && error.kind === 'aborted')) throw error; // stopped: the model is what it is
  }
  const bytes = await trainer.save({ weightsOnly: true });
  send({ kind: 'trained', bytes }, [bytes.buffer]);
  engine.dispose();
}
