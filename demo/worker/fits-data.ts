import type { TrainingConfig } from 'wgrad';
import { refusals as words } from '../words/words.js';
import { type LoadedData, outputsOf } from './data/loaded-data.js';

/** Refuses a configuration that is not one for these data. @throws Error naming what does not fit, and both sides */
export function checkFits({ input, layers, loss }: TrainingConfig, data: LoadedData): void {
  const kindOf = (isOfClasses: boolean) => (isOfClasses ? words.classes : words.numbers);
  const sides = [
    [words.input, input.reduce((product, size) => product * size, 1), data.train.features],
    [words.output, Number(layers.at(-1)?.units), outputsOf(data)],
    [words.kindOfAnswer, kindOf(loss.kind !== 'meanSquaredError'), kindOf(data.classes !== undefined)],
  ] as const;
  for (const [what, has, needs] of sides) {
    if (has === needs) continue;
    throw new Error(words.otherData(what, inWords(has), data.title, inWords(needs)));
  }
}

const inWords = (side: string | number) => (typeof side === 'string' ? side : words.count(side));
