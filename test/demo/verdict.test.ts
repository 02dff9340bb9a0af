import { expect, test } from 'vitest';
import { verdictOf } from '../../demo/views/check/check.js';

test.each([
  [true, 'holds: 107 checks', 'This GPU computes what it should.'],
  [true, 'holds in part: 107 checks', 'This GPU computes what it should, as far as it was checked.'],
  [true, 'holds: 80 checks; not checked: kernels', 'This GPU computes what it should, as far as it was checked.'],
  [false, 'FAILS: 1 of 107 checks', 'This GPU does not compute what it should.'],
])('%s, %s', (passed, verdict, said) => {
  expect(verdictOf({ passed, verdict, text: '', json: '' })).toBe(said);
});
