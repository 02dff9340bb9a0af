import { expect, test } from 'vitest';
import { factsOf, verdictOf } from '../../demo/views/check/check.js';

const rest = { text: '', json: '' };
const right = 'This GPU computes what it should.';
const inPart = 'This GPU computes what it should, as far as it was checked.';
const wrong = 'This GPU does not compute what it should.';

test.each([
  [true, 'holds: 107 checks', 0, right, '107 checks.'],
  [true, 'holds in part: 107 checks', 0, inPart, '107 checks.'],
  [
    true,
    'holds: 80 checks; not checked: kernels',
    1,
    inPart,
    '80 checks. One check was left out: the report names it.',
  ],
  [
    true,
    'holds: 80 checks; not checked: map of rows, columns and single elements, map add',
    2,
    inPart,
    '80 checks. 2 checks were left out: the report names them.',
  ],
  [false, 'FAILS: 1 of 107 checks', 0, wrong, '1 of 107 checks.'],
])('%s, %s', (passed, verdict, omitted, said, facts) => {
  expect(verdictOf({ passed, verdict, omitted, ...rest })).toBe(said);
  expect(factsOf({ passed, verdict, omitted, ...rest })).toBe(facts);
});
