import type { Dataset } from 'wgrad';
import type { ViewFacts } from '../../contract/view-facts.js';
import { worker as words } from '../../words/words.js';
import type { Asked } from './answer.js';
import { argmax } from './softmax.js';

/** Most validation examples that are asked while the figure is open: more take longer and look the same. */
const MOST = 2000;

/** Returns the inputs of the first examples as a network sees them. */
export function inputsOf({ x, scale, offset, features }: Dataset, examples: number): Float32Array {
  const first = x.subarray(0, examples * features);
  return first instanceof Float32Array ? first : Float32Array.from(first, (value) => value * scale + offset);
}

/** Returns the number of examples of each class, row by row, that got each answer; the logits or probabilities are [examples, classes]. */
export function confusionOf(answers: Float32Array, labels: ArrayLike<number>, classes: number): Uint32Array {
  const confusion = new Uint32Array(classes * classes);
  for (let i = 0; i * classes < answers.length; i++) {
    confusion[labels[i] * classes + argmax(answers.subarray(i * classes, (i + 1) * classes))]++;
  }
  return confusion;
}

/** Returns target and answer of each example, one pair after another. */
export function pairsOf(answers: Float32Array, targets: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: 2 * answers.length }, (_, i) => (i % 2 === 0 ? targets : answers)[i >> 1]);
}

/** Returns the answers of all runs to the validation examples, for data that no plane shows. */
export async function outcomes({ data, runs }: Asked): Promise<ViewFacts> {
  const { validation, classes } = data;
  if (!classes && validation.outputs > 1) {
    return { kind: 'none', why: words.oneNumber };
  }
  const examples = Math.min(validation.examples, MOST);
  const inputs = inputsOf(validation, examples);
  const facts = [];
  for (const { id, network } of runs) {
    const answers = await network.predict(inputs);
    facts.push(
      classes
        ? { id, confusion: confusionOf(answers, validation.y, classes.length) }
        : { id, pairs: pairsOf(answers, validation.y) },
    );
  }
  return { kind: 'outcomes', examples, runs: facts };
}
