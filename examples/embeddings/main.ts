// A classifier of embedding vectors that lives in the page: trained once, kept in IndexedDB, loaded after a reload.
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  loadModel,
  relu,
  sequential,
  softmaxCrossEntropy,
} from 'wgrad';
import { embed, SENTENCES } from './embed.js';
import { load, remove, store } from './store.js';

const output = document.querySelector('output') as HTMLOutputElement;
document.querySelector('button')?.addEventListener('click', async () => {
  await remove();
  location.reload();
});

const engine = await createEngine();
const stored = await load();
const bytes = stored ?? (await train(engine));
const model = await loadModel(engine, bytes);

const probabilities = await model.predictProbabilities([embed('music', 99)]);
const [best] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
const sure = `${(100 * probabilities[best]).toFixed(0)} %`;
output.value = `${stored ? 'loaded from IndexedDB' : 'trained and stored'}: ${model.classes?.[best]}, ${sure}`;

/** Trains the classifier and keeps its file. */
async function train(engine: Engine): Promise<Uint8Array> {
  const data = dataset({
    x: SENTENCES.map(({ topic, number }) => embed(topic, number)), // [sentences, 384]
    labels: SENTENCES.map(({ topic }) => topic), // the names go into the file
  });
  const trainer = await createTrainer(engine, sequential([dense(32), relu(), dropout(0.3), dense(3)]), {
    input: [data.features],
    batchSize: 32,
    loss: softmaxCrossEntropy(),
    regularizer: l2(1e-3), // few examples of many numbers need it
    optimizer: adam(),
  });
  await trainer.fit(data, { epochs: 30 });
  const bytes = await trainer.save({ weightsOnly: true, metadata: { embeddings: 'made up, 384' } });
  trainer.dispose();
  await store(bytes);
  return bytes;
}
