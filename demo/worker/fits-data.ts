import type { TrainingConfig } from 'wgrad';
import { worker as words } from '../words/words.js';
import { type LoadedData, outputsOf } from './data/loaded-data.js';

/** Refuses a configuration that is not one for these data. @throws Error naming what does not fit, and both sides */
export function checkFits({ input, layers, loss }: TrainingConfig, data: LoadedData): void {
  const kindOf = (isOfClasses: boolean) => (isOfClasses ? 'classes' : 'numbers');
  const sides = [
    ['input', input.reduce((product, size) => product * size, 1), data.train.features],
    ['output', Number(layers.at(-1)?.units), outputsOf(data)],
    [words.kindOfAnswer, kindOf(loss.kind !== 'meanSquaredError'), kindOf(data.classes !== undefined)],
  ] as const;
  for (const [what, has, needs] of sides) {
    if (has === needs) continue;
    throw new Error(
      `it does not fit these data: the network’s ${what} is ${inWords(has)}, and ${data.title} needs ${inWords(needs)}. Choose the data that it was made for first`,
    );
  }
}

const inWords = (side: string | number) =>
  typeof side === 'string' ? side : `${side} ${side === 1 ? 'number' : 'numbers'}`;
