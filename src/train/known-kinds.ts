import { checkChoice } from '../errors/arguments.js';
import type { Config } from '../nn/described.js';

/** The kinds of parts that a file may name. They are names alone, so that a page which saves does not load every part. */
export const KINDS = {
  layer: ['dense', 'dropout', 'gelu', 'leakyRelu', 'relu', 'sigmoid', 'softplus', 'tanh'],
  initializer: ['glorot', 'he', 'lecun'],
  regularizer: ['l2'],
  loss: ['binaryCrossEntropy', 'meanSquaredError', 'softTargetCrossEntropy', 'softmaxCrossEntropy'],
  schedule: ['constantRate', 'cosineDecay', 'exponentialDecay', 'stepDecay', 'warmup'],
  optimizer: ['adam', 'adamw', 'sgd'],
} as const;

type Part = Readonly<Record<string, unknown>> & { readonly kind?: string };

/** Refuses a configuration with a part that the library does not make. @throws RangeError naming the part and its kind */
export function checkKinds(where: string, { layers, loss, optimizer, regularizer }: Config): void {
  const check = (at: string, family: keyof typeof KINDS, part: unknown) => {
    if (part === undefined || typeof part === 'number') return;
    const { kind, initializer, regularizer: own, learningRate, after } = part as Part;
    checkChoice(`${where}: ${at}`, 'kind', kind, KINDS[family]);
    check(`${at}.initializer`, 'initializer', initializer);
    check(`${at}.regularizer`, 'regularizer', own);
    check(`${at}.learningRate`, 'schedule', learningRate);
    check(`${at}.after`, 'schedule', after);
  };
  for (const [i, layer] of (layers as readonly unknown[]).entries()) check(`layers[${i}]`, 'layer', layer);
  check('loss', 'loss', loss);
  check('optimizer', 'optimizer', optimizer);
  check('regularizer', 'regularizer', regularizer);
}
