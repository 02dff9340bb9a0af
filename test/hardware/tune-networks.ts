import { adam, dense, dropout, relu, sequential, softmaxCrossEntropy } from '../../src/index.js';
import { autotune, type Tuning } from '../../src/tune.js';
import { openGpu } from './measure-device.js';
import type { Measurement } from './part.js';

/** Networks whose steps are tuned: a small one, and one whose products fill a device. */
const NETWORKS = [
  { features: 784, hidden: [128], batchSize: 64 },
  { features: 784, hidden: [1024, 1024], batchSize: 512 },
];

/** A tuning of a network's step. */
export interface TunedNetwork {
  readonly network: string;
  readonly tuning: Tuning;
}

/** Tunes the steps of some networks. */
export const tuneNetworks: Measurement = async (adapter, save) => {
  const engine = await openGpu(adapter);
  const tuned: TunedNetwork[] = [];
  for (const { features, hidden, batchSize } of NETWORKS) {
    const model = sequential([...hidden.flatMap((units) => [dense(units), relu(), dropout(0.5)]), dense(10)]);
    const network = `${[features, ...hidden, 10].join('-')}, batch ${batchSize}`;
    const options = { input: [features], batchSize, loss: softmaxCrossEntropy(), optimizer: adam(), seconds: 15 };
    tuned.push({ network, tuning: await autotune(engine, model, options) });
    console.error(`${network}\n${tuned.at(-1)?.tuning}`);
    await save(tuned);
  }
};
