import type { Weights } from 'wgrad';
import type { ViewFacts, WeightPicture } from '../../contract/view-facts.js';
import type { LoadedData } from '../data/loaded-data.js';
import type { Experiment } from '../experiment.js';
import { extent } from './reach.js';

const BINS = 40;
/** End of the names of weights. */
const WEIGHTS = '.w';
/** Most units of the first layer that are shown as images. */
const MOST_FILTERS = 48;
/** Most inputs that are shown side by side. */
const MOST_INPUTS = 100;

/** Returns histograms of every layer's weights, without biases, in the same bins for all runs. */
export async function weights({ data, runs, selected }: Experiment): Promise<ViewFacts> {
  const all: { id: number; layers: readonly Weights[] }[] = [];
  for (const { id, network } of runs) all.push({ id, layers: matrices(await network.weights()) });
  const own = all.find(({ id }) => id === selected.id)?.layers ?? all[0].layers;
  const layers = own.map(({ name }, layer) => {
    const [min, max] = extent(
      all.map(({ layers }) => layers[layer].data),
      0,
      1,
    );
    const measured = all.map(({ id, layers }) => ({ id, ...histogram(layers[layer].data, min, max) }));
    return { name: name.slice(0, -WEIGHTS.length), min, max, runs: measured };
  });
  const first = all.map(({ id, layers }) => ({ id, ...countsOf(layers), picture: pictureOf(layers[0], data) }));
  return { kind: 'weights', layers, first };
}

function countsOf(layers: readonly Weights[]): { readonly all: number; readonly zeros: number } {
  let [all, zeros] = [0, 0];
  for (const { data } of layers) {
    all += data.length;
    for (const weight of data) if (weight === 0) zeros++;
  }
  return { all, zeros };
}

/** Returns a picture of the first layer, if its inputs are an image or can be seen side by side. */
function pictureOf(first: Weights, { image, train }: LoadedData): WeightPicture | undefined {
  if (image) return filtersOf(first, image);
  const [, units] = first.shape;
  if (train.features <= 2 || train.features > MOST_INPUTS || units > MOST_FILTERS) return undefined;
  return { kind: 'inputs', units, weights: first.data.slice() };
}

/** Returns the weights among the parameters. */
function matrices(parameters: readonly Weights[]): readonly Weights[] {
  return parameters.filter(({ name }) => name.endsWith(WEIGHTS));
}

function histogram(values: Float32Array, min: number, max: number) {
  const counts = new Uint32Array(BINS);
  const scale = max > min ? BINS / (max - min) : 0;
  let squares = 0;
  for (const value of values) {
    counts[Math.min(BINS - 1, Math.floor((value - min) * scale))]++;
    squares += value * value;
  }
  return { counts, norm: Math.sqrt(squares) };
}

/** Returns the weights of each unit, the columns of [features, units], as images. */
function filtersOf(
  { shape: [features, units], data }: Weights,
  { width, height }: NonNullable<LoadedData['image']>,
): WeightPicture {
  const count = Math.min(units, MOST_FILTERS);
  const images = new Float32Array(count * features);
  for (let unit = 0; unit < count; unit++) {
    for (let i = 0; i < features; i++) images[unit * features + i] = data[i * units + unit];
  }
  return { kind: 'images', width, height, images };
}
