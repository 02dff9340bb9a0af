import {
  activityPenalty,
  dense,
  dropout,
  elasticNet,
  elu,
  focal,
  glorot,
  groupLasso,
  he,
  huber,
  l1,
  l2,
  leakyRelu,
  lecun,
  penalties,
  sequential,
  softmaxCrossEntropy,
  standout,
} from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';

const MADE = 'must be made by a function such as';

testRefusals({
  'RangeError: dense: units must be a positive integer, got 0': () => dense(0),
  'RangeError: dense: units must be a positive integer, got 1.5': () => dense(1.5),
  'TypeError: dense: units must be a positive integer, got "3"': () => dense('3' as never),
  "TypeError: dense: unknown option 'biass', did you mean 'bias'?; known: bias, initializer, regularizer, constraint":
    () => dense(3, { biass: false } as never),
  'TypeError: dense: bias must be true or false, got 1': () => dense(3, { bias: 1 as never }),
  [`TypeError: dense: initializer ${MADE} he(), got "he"`]: () => dense(3, { initializer: 'he' as never }),
  [`TypeError: dense: regularizer ${MADE} l2(1e-4), got a Object`]: () => dense(3, { regularizer: he() as never }),
  'RangeError: dropout: p must be a number in [0, 1), got 1': () => dropout(1),
  'RangeError: dropout: p must be a number in [0, 1), got -0.1': () => dropout(-0.1),
  'RangeError: dropout: p must be a number in [0, 1), got NaN': () => dropout(NaN),
  'RangeError: dropout: p must be a number in [0, 1), got 0.9999999999417923': () => dropout(1 - 2 ** -34),
  'TypeError: dropout: p must be a number in [0, 1), got "0.5"': () => dropout('0.5' as never),
  'RangeError: leakyRelu: slope must be a number in (0, 1], got 0': () => leakyRelu(0),
  'RangeError: elu: alpha must be a number > 0, got 0': () => elu(0),
  'RangeError: huber: delta must be a number > 0, got -1': () => huber(-1),
  'RangeError: focal: gamma must be a number in [0, 100], got -1': () => focal(-1),
  'RangeError: leakyRelu: slope must be a number in (0, 1], got 2': () => leakyRelu(2),
  'RangeError: l2: strength must be a number >= 0, got -1': () => l2(-1),
  'RangeError: l2: strength must be a number >= 0, got NaN': () => l2(NaN),
  'TypeError: l2: strength must be a number >= 0, got undefined': () => l2(undefined as never),
  "RangeError: l2: convention must be one of 'half', 'sum', 'mean', got \"halve\", did you mean 'half'?": () =>
    l2(1, { convention: 'halve' as never }),
  "TypeError: l2: examples (of convention 'mean') must be a positive integer, got undefined": () =>
    l2(1, { convention: 'mean' }),
  "TypeError: l2: examples is only for the convention 'mean'": () => l2(1, { examples: 5 }),
  'TypeError: l2: biases must be true or false, got 1': () => l2(1, { biases: 1 as never }),
  "TypeError: l2: unknown option 'bias', did you mean 'biases'?; known: convention, examples, biases": () =>
    l2(1, { bias: true } as never),
  'RangeError: l1: strength must be a number >= 0, got -1': () => l1(-1),
  'TypeError: l1: proximal must be true or false, got 1': () => l1(1, { proximal: 1 as never }),
  "TypeError: l1: unknown option 'bias', did you mean 'biases'?; known: proximal, biases": () =>
    l1(1, { bias: true } as never),
  'RangeError: elasticNet: strength must be a number >= 0, got Infinity': () => elasticNet(Infinity),
  'RangeError: elasticNet: l1Ratio must be a number in [0, 1], got 1.1': () => elasticNet(1, { l1Ratio: 1.1 }),
  'TypeError: elasticNet: biases must be true or false, got "no"': () => elasticNet(1, { biases: 'no' as never }),
  'RangeError: groupLasso: strength must be a number >= 0, got -0.5': () => groupLasso(-0.5),
  'TypeError: groupLasso: proximal must be true or false, got null': () => groupLasso(1, { proximal: null as never }),
  "TypeError: groupLasso: unknown option 'biases'; known: proximal": () => groupLasso(1, { biases: true } as never),
  'RangeError: penalties: there must be at least one, such as penalties(l1(1e-4), l2(1e-3))': () => penalties(),
  'RangeError: penalties: two are of the kind "l2"; give one with both strengths': () =>
    penalties(l2(1), penalties(l1(1), l2(2))),
  [`TypeError: penalties: penalty 1 ${MADE} l2(1e-4), got 0.1`]: () => penalties(l1(1), 0.1 as never),
  'RangeError: activityPenalty: strength must be a number >= 0, got -1': () => activityPenalty(-1),
  "RangeError: activityPenalty: norm must be one of 'l1', 'l2', got \"l3\", did you mean 'l1'?": () =>
    activityPenalty(1, { norm: 'l3' as never }),
  'RangeError: standout: scale must be a finite number, got NaN': () => standout({ scale: NaN }),
  "TypeError: standout: unknown option 'p'; known: scale, shift": () => standout({ p: 0.5 } as never),
  'RangeError: softmaxCrossEntropy: labelSmoothing must be a number in [0, 1), got 1': () =>
    softmaxCrossEntropy({ labelSmoothing: 1 }),
  "RangeError: he: distribution must be one of 'uniform', 'normal', got \"gauss\"": () =>
    he({ distribution: 'gauss' as never }),
  "TypeError: glorot: unknown option 'distributoin', did you mean 'distribution'?; known: distribution": () =>
    glorot({ distributoin: 'normal' } as never),
  'TypeError: lecun: options must be an object, got null': () => lecun(null as never),
  'TypeError: sequential: layers must be an array, got undefined': () => sequential(undefined as never),
  'RangeError: sequential: layers must hold at least one layer': () => sequential([]),
  [`TypeError: sequential: layers[1] ${MADE} dense(10), got "relu"`]: () => sequential([dense(3), 'relu' as never]),
  [`TypeError: sequential: layers[0] ${MADE} dense(10), got a function`]: () => sequential([dense as never]),
});
