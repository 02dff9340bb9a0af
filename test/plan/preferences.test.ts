import { expect, test } from 'vitest';
import { dense, relu, sequential, sgd, softmaxCrossEntropy } from '../../src/index.js';
import { Layout } from '../../src/plan/layout.js';
import { checkTrainerOptions, traceTraining } from '../../src/train/trainer-options.js';
import { type PlanOptions, plan } from './plan-step.js';

const model = sequential([dense(6), relu(), dense(40), relu(), dense(40)]);
const training = checkTrainerOptions('test', model, {
  input: [5],
  batchSize: 8,
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
});
const { step } = traceTraining('test', model, training);
const titles = (options: PlanOptions) => plan(step, new Layout(), options).dispatches.map(({ title }) => title);
const PLANNED = titles({});

test('a preference holds at its shape alone', () => {
  const preferences = new Map([['matmul-nn m=8,k=6,n=40', 'tiled']]);
  const changed = titles({ preferences });
  expect(changed.filter((title, i) => title !== PLANNED[i])).toEqual(['matmul-nn tiled + bias relu']);
  expect(PLANNED.filter((title, i) => title !== changed[i])).toEqual(['matmul-nn direct + bias relu']);
});

test('an explicit variant comes before preferences', () => {
  const preferences = new Map([['matmul-nn m=8,k=6,n=40', 'tiled']]);
  expect(titles({ preferences, variant: 'direct' })).toEqual(titles({ variant: 'direct' }));
});

test.each([
  ['matmul-nn m=8,k=6,n=40', 'fast'], // no variant
  ['matmul-nn m=8,k=6,n=40', 'broadcast'], // none that the least device runs
  ['matmul-nn m=9,k=6,n=40', 'tiled'],
  ['matmul-xx m=8,k=6,n=40', 'tiled'],
])('%s: %s changes nothing', (shape, variant) => {
  expect(titles({ preferences: new Map([[shape, variant]]) })).toEqual(PLANNED);
});
