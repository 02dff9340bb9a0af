import { expect, test } from 'vitest';
import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  checkPositiveInteger,
  type NumberRange,
  nearest,
  show,
  suggestion,
} from '../../src/errors/arguments.js';
import { testRefusals } from './refusals.js';

test.each([
  ['a"b', '"a\\"b"'],
  [12n, '12n'],
  [() => 1, 'a function'],
  [[1, 'x', [2]], '[1, "x", [2]]'],
  [new Array(9).fill(0), 'an array of 9'],
  [new Float32Array(2), 'a Float32Array'],
  [[[[1]]], 'an array of 1'],
  [{}, 'a Object'],
  [JSON.parse('{"constructor":{"name":{"toString":1}}}'), 'a Object'],
  [Object.create(null), 'a null-prototype object'],
  [-0, '-0'],
  [0, '0'],
  [NaN, 'NaN'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
])('show(%o)', (value, text) => {
  expect(show(value)).toBe(text);
});

test.each([
  ['lr', 'learningRate'],
  ['LR', 'learningRate'],
  ['wd', 'weightDecay'],
  ['rate', 'learningRate'],
  ['eps', 'epsilon'],
  ['batch', 'batchSize'],
  ['l1', 'l2'],
  ['--wd', '--weight-decay'],
  ['zz', undefined],
])('%s suggests %s', (word, name) => {
  const options = ['l2', 'learningRate', 'weightDecay', 'epsilon', 'batchSize'];
  expect(nearest(word, word.startsWith('-') ? ['--l2', '--weight-decay'] : options)).toBe(name);
});

test.each<[NumberRange, number, string]>([
  [{}, Infinity, 'a finite number, got Infinity'],
  [{}, NaN, 'a finite number, got NaN'],
  [{ min: 0 }, -1, 'a number >= 0, got -1'],
  [{ min: 0, exclusive: 'min' }, 0, 'a number > 0, got 0'],
  [{ max: 1 }, 2, 'a number <= 1, got 2'],
  [{ max: 1, exclusive: 'max' }, 1, 'a number < 1, got 1'],
  [{ min: 0, max: 1 }, 1.5, 'a number in [0, 1], got 1.5'],
  [{ min: 0, max: 1, exclusive: 'max' }, 1, 'a number in [0, 1), got 1'],
  [{ min: 0, max: 1, exclusive: 'min' }, 0, 'a number in (0, 1], got 0'],
  [{ min: 0, max: 1, exclusive: 'both' }, 0, 'a number in (0, 1), got 0'],
  [{ min: 0, max: 1, exclusive: 'both' }, 1, 'a number in (0, 1), got 1'],
  [{ integer: true }, 0.5, 'an integer, got 0.5'],
  [{ integer: true }, 2 ** 53, 'an integer, got 9007199254740992'],
  [{ min: 1, integer: true }, 0, 'a positive integer, got 0'],
  [{ min: 2, max: 8, integer: true }, 9, 'an integer in [2, 8], got 9'],
])('checkNumber refuses by the range %o the number %d', (range, value, message) => {
  expect(() => checkNumber('dense', 'units', value, range)).toThrow(new RangeError(`dense: units must be ${message}`));
});

test('what is right is returned, ends of a range included', () => {
  expect(checkNumber('f', 'p', 0, { min: 0, max: 1, exclusive: 'max' })).toBe(0);
  expect(checkNumber('f', 'p', 1, { min: 0, max: 1 })).toBe(1);
  expect(checkNumber('f', 'p', -2.5)).toBe(-2.5);
  expect(checkPositiveInteger('dense', 'units', 3)).toBe(3);
  expect(checkBoolean('dense', 'bias', false)).toBe(false);
  expect(checkChoice('l2', 'convention', 'mean', ['sum', 'mean'])).toBe('mean');
  expect(() => checkOptions('sgd', { momentum: 1 }, ['learningRate', 'momentum'])).not.toThrow();
});

const convention = (value: unknown) => checkChoice('l2', 'convention', value, ['sum', 'mean']);
const sgd = (options: unknown) => checkOptions('sgd', options, ['learningRate', 'momentum']);
const CHOICE = "l2: convention must be one of 'sum', 'mean', got";
testRefusals({
  'RangeError: dense: units must be a positive integer, got 0': () => checkPositiveInteger('dense', 'units', 0),
  'TypeError: dense: bias must be true or false, got 0': () => checkBoolean('dense', 'bias', 0),
  [`RangeError: ${CHOICE} "maen", did you mean 'mean'?`]: () => convention('maen'),
  [`RangeError: ${CHOICE} "xyz"`]: () => convention('xyz'),
  [`TypeError: ${CHOICE} 2`]: () => convention(2),
  "TypeError: sgd: unknown option 'learnRate', did you mean 'learningRate'?; known: learningRate, momentum": () =>
    sgd({ learnRate: 1 }),
  "TypeError: sgd: unknown option 'zzz'; known: learningRate, momentum": () => sgd({ zzz: 1 }),
  ...Object.fromEntries(
    [undefined, null, 3, [1]].map((value) => [
      `TypeError: sgd: options must be an object, got ${show(value)}`,
      () => sgd(value),
    ]),
  ),
  ...Object.fromEntries(
    ['1', null, undefined, 1n].map((value) => [
      `TypeError: dense: units must be a finite number, got ${show(value)}`,
      () => checkNumber('dense', 'units', value),
    ]),
  ),
});

test.each([
  ['momentun', 'momentum'],
  ['MOMENTUM', 'momentum'],
  ['moment', 'momentum'],
  ['abcdntum', 'momentum'],
  ['abcdxtum', undefined],
  ['mo', undefined],
  ['rate', 'learningRate'],
  ['', undefined],
])('nearest to %o is %o', (word, expected) => {
  expect(nearest(word, ['learningRate', 'momentum'])).toBe(expected);
  expect(suggestion(word, ['learningRate', 'momentum'])).toBe(expected ? `, did you mean '${expected}'?` : '');
});
