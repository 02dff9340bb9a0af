import { type Seed, seedKey } from '../random/seed.js';
import { fillNormal } from '../random/uniform.js';
import { type Dataset, dataset } from './dataset.js';

/** The number of examples to train on, and of those to validate with. */
const TRAIN = 100;
const VALIDATION = 100;

/**
 * The `layer` under which the numbers are drawn, in the stream of initial weights: far above any parameter's index, so
 * that data and weights of one seed share no word.
 */
const X_LAYER = 0xf00000;
const NOISE_LAYER = 0xf00001;

/** y = 2x + 1 + 0.5 · noise for one feature; x and the noise are drawn from N(0, 1). The same seed, the same data. */
export function ridgeData(seed: Seed): { train: Dataset; validation: Dataset } {
  return linearData('ridgeData', seed, 1);
}

/** y = Σ (2x + 1) over 10 features + 0.5 · noise, drawn as for `ridgeData`. */
export function sumData(seed: Seed): { train: Dataset; validation: Dataset } {
  return linearData('sumData', seed, 10);
}

function linearData(where: string, seed: Seed, features: number) {
  const key = seedKey(where, 'seed', seed);
  const examples = TRAIN + VALIDATION;
  const x = fillNormal(new Float32Array(examples * features), 0, 1, key, X_LAYER);
  const noise = fillNormal(new Float32Array(examples), 0, 0.5, key, NOISE_LAYER);
  const y = noise.map((e, row) => {
    const sum = x.subarray(row * features, (row + 1) * features).reduce((total, value) => total + 2 * value + 1, 0);
    return sum + e;
  });
  const part = (start: number, end: number) =>
    dataset({ x: x.slice(start * features, end * features), y: y.slice(start, end), features });
  return { train: part(0, TRAIN), validation: part(TRAIN, examples) };
}
