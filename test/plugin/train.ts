// Trains a network of a stranger's parts on the GPU and on the reference, verifies it, and prints what came out as JSON.
import { createEngine, createReferenceEngine, createTrainer, dense, sequential, sgd, softmaxCrossEntropy } from 'wgrad';
import { nodeGpu } from 'wgrad/node';
import { verify, verifyOp } from 'wgrad/verify';
import { clipByNorm, gaussianDropout, lasso, layerNorm, softsign, softsignLayer } from './parts.js';

const x = Float32Array.from({ length: 24 * 6 }, (_, i) => Math.sin(1.7 * i));
const batch = { x, y: Uint32Array.from({ length: 24 }, (_, row) => (x[6 * row] + x[6 * row + 1] > 0 ? 1 : 0)) };
const model = sequential([dense(16), layerNorm(), softsignLayer(), gaussianDropout(0.2), dense(2)]);
const options = {
  input: [6],
  batchSize: 24,
  loss: softmaxCrossEntropy(),
  optimizer: clipByNorm(sgd({ learningRate: 0.3 }), 0.25),
  regularizer: lasso(1e-3),
  seed: 5,
};

const engine = await createEngine({ gpu: await nodeGpu() });
const [trainer, reference] = await Promise.all(
  [engine, createReferenceEngine()].map((each) => createTrainer(each, model, options)),
);
for (const each of [trainer, reference]) for (let step = 0; step < 30; step++) each.step(batch);
const [gpu, cpu] = await Promise.all([trainer, reference].map((each) => each.metrics()));
const verified = await verify(trainer, { sections: ['gradients', 'steps'], seed: 1 });
const op = await verifyOp(engine, softsign, { seed: 1 });
console.log(
  JSON.stringify({
    gpu: gpu.steps.map(({ loss }) => loss),
    cpu: cpu.steps.map(({ loss }) => loss),
    verdicts: [verified.verdict, op.verdict],
    checks: verified.checks.map(({ name }) => name),
  }),
);
process.exit(0); // a device keeps a Node process alive
