// A Node script that trains a network, saves it, loads it again and uses it. Ctrl-C stops the training; the model of the best
// epoch is saved all the same.
import { readFile, writeFile } from 'node:fs/promises';
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  EngineError,
  loadModel,
  meanSquaredError,
  sequential,
  split,
  tanh,
} from 'wgrad';
import { nodeGpu } from 'wgrad/node';

const path = process.argv[2] ?? 'sine.safetensors';
const engine = await createEngine({ gpu: await nodeGpu() });
console.log(`on ${engine.info.adapter}`);

// Any arrays will do: here a wave with noise.
const x = Array.from({ length: 600 }, () => [6 * Math.random() - 3]);
const y = x.map(([angle]) => Math.sin(angle) + 0.1 * (Math.random() - 0.5));
const { train, validation } = split(dataset({ x, y }), { validation: 0.2, seed: 1 });

const trainer = await createTrainer(engine, sequential([dense(32), tanh(), dense(32), tanh(), dense(1)]), {
  input: [1],
  batchSize: 32,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.01 }),
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
try {
  const options = { epochs: 60, validation, earlyStopping: { patience: 10 }, signal: stop.signal };
  for await (const { epoch, trainLoss, validationLoss } of trainer.fit(train, options)) {
    if (epoch % 10 === 0) console.log(epoch, trainLoss, validationLoss);
  }
} catch (error) {
  if (!(error instanceof EngineError && error.kind === 'aborted')) throw error;
  console.log('stopped');
}
await writeFile(path, await trainer.save({ weightsOnly: true }));
trainer.dispose();

const model = await loadModel(engine, await readFile(path));
const [sine] = await model.predict([[1.5]]);
console.log(`sin(1.5) is about ${sine.toFixed(2)}`);
engine.dispose(); // it keeps the process alive
