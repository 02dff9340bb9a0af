// A classifier of a CSV file, measured on rows that it has never seen.
import { openAsBlob } from 'node:fs';
import {
  adam,
  createEngine,
  createTrainer,
  dense,
  dropout,
  l2,
  loadModel,
  prepareTable,
  readTable,
  relu,
  sequential,
  softmaxCrossEntropy,
} from 'wgrad';
import { nodeGpu } from 'wgrad/node';

const table = await readTable(await openAsBlob(new URL('plants.csv', import.meta.url)));
const { train, validation, test, preparation } = prepareTable(table, { target: 'species' });
const engine = await createEngine({ gpu: await nodeGpu() });
const network = sequential([dense(32), relu(), dropout(0.2), dense(train.classes)]);
const [input, loss, optimizer] = [[train.features], softmaxCrossEntropy(), adam({ learningRate: 0.01 })];
const trainer = await createTrainer(engine, network, { input, batchSize: 16, loss, optimizer, regularizer: l2(0.01) });
await trainer.fit(train, { epochs: 100, validation, earlyStopping: { patience: 20 } });
console.log(await trainer.evaluate(test));
const model = await loadModel(engine, await trainer.save({ preparation }));
console.log(await model.predict([{ height: 50, leaves: 9, flower: 'red', watered: 'no', light: null }]));
engine.dispose();
