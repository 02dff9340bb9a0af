import { createEngine, createTrainer, dense, l2, relu, sequential, sgd, softmaxCrossEntropy } from 'wgrad';

async function train(x: Float32Array, y: Uint32Array): Promise<Float32Array> {
  const engine = await createEngine();
  const trainer = await createTrainer(engine, sequential([dense(128), relu(), dense(10)]), {
    input: [784],
    batchSize: 64,
    loss: softmaxCrossEntropy(),
    regularizer: l2(1e-4),
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
  });
  trainer.step({ x, y });
  return (await trainer.weights())[0].data;
}

Object.assign(globalThis, { train }); // otherwise nothing would be left of it
