/// <reference lib="webworker" />
import { createEngine, createTrainer, dense, relu, sequential, sgd, softmaxCrossEntropy } from '../../src/index.js';
import { verify } from '../../src/verify.js';

/** Verifies a small trainer inside a worker, and posts the report. */
const engine = await createEngine();
const trainer = await createTrainer(engine, sequential([dense(5), relu(), dense(3)]), {
  input: [4],
  batchSize: 6,
  loss: softmaxCrossEntropy(),
  optimizer: sgd({ learningRate: 0.1 }),
});
const report = await verify(trainer, { sections: ['gradients', 'steps'], quick: true, seed: 1 });
self.postMessage({ report, text: `${report}` });
