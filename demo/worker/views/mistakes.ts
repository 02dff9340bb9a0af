import type { Dataset } from 'wgrad';
import type { Mistake, ViewFacts } from '../../contract/view-facts.js';
import { worker as words } from '../../words/words.js';
import type { LoadedData } from '../data/loaded-data.js';
import type { Experiment } from '../experiment.js';
import { confusionOf, inputsOf, pairsOf } from './outcomes.js';
import { argmax, softmax } from './softmax.js';

/** Most mistakes that are shown. */
const MOST = 24;
/** Most features that are shown as numbers. */
const MOST_FEATURES = 16;

/** Returns the mistakes of the selected run in the validation set. */
export async function mistakes({ data, selected }: Experiment): Promise<ViewFacts> {
  const { validation, classes, image } = data;
  const { id: run, network } = selected;
  const answers = await network.predict(inputsOf(validation, validation.examples));
  if (!classes) {
    if (validation.outputs > 1) return { kind: 'none', why: words.oneNumber };
    return { kind: 'errors', run, pairs: pairsOf(answers, validation.y) };
  }
  const count = classes.length;
  const wrong: Mistake[] = [];
  softmax(answers, count);
  for (const [index, label] of validation.y.entries()) {
    const own = answers.subarray(index * count, (index + 1) * count);
    const guess = argmax(own);
    if (guess !== label) wrong.push({ index, label, guess, probability: own[guess] });
  }
  const worst = wrong.toSorted((a, b) => b.probability - a.probability || a.index - b.index).slice(0, MOST);
  return {
    kind: 'mistakes',
    run,
    confusion: confusionOf(answers, validation.y, count),
    wrong: Uint32Array.from(wrong, ({ index }) => index),
    worst: worst.map((each) => withFeatures(each, data)),
    images: image && { ...image, pixels: pixelsOf(validation, worst) },
  };
}

function withFeatures(mistake: Mistake, { validation: { x, features } }: LoadedData): Mistake {
  if (features > MOST_FEATURES) return mistake;
  return { ...mistake, features: [...x.subarray(mistake.index * features, (mistake.index + 1) * features)] };
}

function pixelsOf({ x, features, scale, offset }: Dataset, worst: readonly Mistake[]): Float32Array {
  const pixels = new Float32Array(worst.length * features);
  for (const [i, { index }] of worst.entries()) {
    const own = x.subarray(index * features, (index + 1) * features);
    for (const [j, value] of own.entries()) pixels[i * features + j] = value * scale + offset;
  }
  return pixels;
}
