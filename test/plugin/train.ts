// Trains a network of a stranger's parts on the GPU and on the reference, verifies it, saves and loads it, searches over the
// strengths of its parts, and prints what came out as JSON.
import {
  createEngine,
  createReferenceEngine,
  createTrainer,
  dataset,
  dense,
  loadModel,
  loadTrainer,
  predictSamples,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from 'wgrad';
import { nodeGpu } from 'wgrad/node';
import { logUniform, random, search, uniform } from 'wgrad/tune';
import { verify, verifyOp } from 'wgrad/verify';
import { clipByNorm, gaussianDropout, lasso, layerNorm, mostNorm, parts, softsign, softsignLayer } from './parts.js';

const x = Float32Array.from({ length: 24 * 6 }, (_, i) => Math.sin(1.7 * i));
const batch = { x, y: Uint32Array.from({ length: 24 }, (_, row) => (x[6 * row] + x[6 * row + 1] > 0 ? 1 : 0)) };
const model = sequential([dense(16), layerNorm(), softsignLayer(), gaussianDropout(0.2), dense(2)]);
const options = {
  input: [6],
  batchSize: 24,
  loss: softmaxCrossEntropy(),
  optimizer: clipByNorm(sgd({ learningRate: 0.3 }), 0.25),
  regularizer: lasso(1e-3),
  constraint: mostNorm(1.5),
  seed: 5,
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const engine = await createEngine({ gpu: await nodeGpu() });
const [trainer, reference] = await Promise.all(
  [engine, createReferenceEngine()].map((each) => createTrainer(each, model, options)),
);
for (const each of [trainer, reference]) for (let step = 0; step < 30; step++) each.step(batch);
const [gpu, cpu] = await Promise.all([trainer, reference].map((each) => each.metrics()));
const [{ data: w }] = await trainer.weights();
const norms = Array.from({ length: 16 }, (_, unit) => Math.hypot(...w.filter((_, i) => i % 16 === unit)));
const verified = await verify(trainer, { sections: ['gradients', 'steps'], seed: 1 });
const op = await verifyOp(engine, softsign, { seed: 1 });

const loaded = await loadTrainer(engine, await trainer.save(), { parts });
const again = await verify(loaded, { sections: ['gradients', 'steps'], seed: 1 });
for (const each of [trainer, loaded]) each.step(batch);
const file = await trainer.save();
const used = await loadModel(engine, file, { parts });
const samples = { samples: 2, step: 31 };
const missing = await loadModel(engine, file).catch((error: unknown) => String(error));

const data = dataset({ ...batch, features: 6, classes: 2 });
const run = search(engine, model, {
  ...options,
  space: {
    lasso: logUniform(1e-5, 1e-2),
    rate: uniform(0.01, 0.5),
    mostNorm: uniform(1, 2),
    clip: logUniform(0.1, 1),
  },
  strategy: random(),
  population: 3,
  budget: { epochs: 2 },
  train: data,
  validation: data,
  seed: 7,
});
for await (const _ of run);
const best = await loadModel(engine, await run.bestNetwork(), { parts });

console.log(
  JSON.stringify({
    gpu: gpu.steps.map(({ loss }) => loss),
    cpu: cpu.steps.map(({ loss }) => loss),
    norms,
    verdicts: [verified.verdict, op.verdict, again.verdict],
    checks: verified.checks.map(({ name }) => name),
    files: [hex(file), hex(await loaded.save())],
    outputs: [await trainer.predict(x), await used.predict(x)].map((each) => Array.from(each)),
    samples: [await predictSamples(trainer, x, samples), await used.predictSamples(x, samples)].map((each) =>
      each.map((sample) => Array.from(sample)),
    ),
    missing,
    best: run.result.bestConfig,
    hyper: best.hyperParameters,
  }),
);
process.exit(0); // a device keeps a Node process alive
