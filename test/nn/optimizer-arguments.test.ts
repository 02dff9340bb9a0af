import {
  adagrad,
  adam,
  adamw,
  constantRate,
  cosineDecay,
  exponentialDecay,
  lion,
  rmsprop,
  sgd,
  stepDecay,
  warmup,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';

const SCHEDULE = 'must be a number or a schedule such as cosineDecay(1e-3, { steps }), got';

testRefusals({
  'RangeError: sgd: learningRate must be a number >= 0, got -1': () => sgd({ learningRate: -1 }),
  [`TypeError: sgd: learningRate ${SCHEDULE} "1"`]: () => sgd({ learningRate: '1' as never }),
  'RangeError: sgd: momentum must be a number in [0, 1), got 1': () => sgd({ momentum: 1 }),
  'RangeError: sgd: nesterov needs a momentum > 0, got 0': () => sgd({ nesterov: true }),
  'RangeError: sgd: weightDecay must be a number >= 0, got -1': () => sgd({ weightDecay: -1 }),
  "TypeError: sgd: unknown option 'learnRate', did you mean 'learningRate'?; known: learningRate, momentum, nesterov, weightDecay":
    () => sgd({ learnRate: 1 } as never),
  [`TypeError: adam: learningRate ${SCHEDULE} null`]: () => adam({ learningRate: null as never }),
  'RangeError: adam: beta1 must be a number in [0, 1), got 1': () => adam({ beta1: 1 }),
  'RangeError: adam: beta2 must be a number in [0, 1), got -1': () => adam({ beta2: -1 }),
  'RangeError: adam: epsilon must be a number > 0, got 0': () => adam({ epsilon: 0 }),
  "TypeError: adam: unknown option 'weightDecay'; known: learningRate, beta1, beta2, epsilon": () =>
    adam({ weightDecay: 1 } as never),
  'RangeError: adamw: weightDecay must be a number >= 0, got -1': () => adamw({ weightDecay: -1 }),
  'RangeError: rmsprop: alpha must be a number in [0, 1), got 1': () => rmsprop({ alpha: 1 }),
  'RangeError: rmsprop: epsilon must be a number > 0, got 0': () => rmsprop({ epsilon: 0 }),
  'RangeError: rmsprop: momentum must be a number in [0, 1), got 1': () => rmsprop({ momentum: 1 }),
  [`TypeError: rmsprop: learningRate ${SCHEDULE} "1"`]: () => rmsprop({ learningRate: '1' as never }),
  "TypeError: rmsprop: unknown option 'centered'; known: learningRate, alpha, epsilon, momentum": () =>
    rmsprop({ centered: true } as never),
  'RangeError: adagrad: epsilon must be a number > 0, got 0': () => adagrad({ epsilon: 0 }),
  'RangeError: adagrad: learningRate must be a number >= 0, got -1': () => adagrad({ learningRate: -1 }),
  'RangeError: lion: beta1 must be a number in [0, 1), got 1': () => lion({ beta1: 1 }),
  'RangeError: lion: beta2 must be a number in [0, 1), got 1': () => lion({ beta2: 1 }),
  'RangeError: lion: weightDecay must be a number >= 0, got -1': () => lion({ weightDecay: -1 }),
  'RangeError: lion: learningRate must be a number >= 0, got -1': () => lion({ learningRate: -1 }),
  'RangeError: constantRate: base must be a number >= 0, got -1': () => constantRate(-1),
  'RangeError: stepDecay: every must be a positive integer, got 0': () => stepDecay(1, { every: 0 }),
  'RangeError: stepDecay: gamma must be a number in (0, 1], got 2': () => stepDecay(1, { every: 1, gamma: 2 }),
  'TypeError: exponentialDecay: gamma must be a number in (0, 1], got undefined': () =>
    exponentialDecay(1, {} as never),
  'TypeError: exponentialDecay: options must be an object, got undefined': () =>
    exponentialDecay(1, undefined as never),
  'RangeError: cosineDecay: steps must be a positive integer, got 0': () => cosineDecay(1, { steps: 0 }),
  'RangeError: cosineDecay: floor must be a number in [0, 1], got 2': () => cosineDecay(1, { steps: 1, floor: 2 }),
  'RangeError: warmup: steps must be a positive integer, got 0': () => warmup(1, { steps: 0 }),
  'RangeError: warmup: after must be a number >= 0, got -1': () => warmup(-1, { steps: 1 }),
  [`TypeError: warmup: after ${SCHEDULE} undefined`]: () => warmup(undefined as never, { steps: 1 }),
});
