import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, fixed, integer, isSameValue, logUniform, uniform } from '../../src/tune/distributions.js';
import { checkSpace, spaceFromJson } from '../../src/tune/space.js';
import { testRefusals } from '../errors/refusals.js';
import { caught } from '../train/caught.js';

const toText = (space: unknown) => JSON.stringify(checkSpace('test', space));

test('a space as JSON', () => {
  const space = { l2: logUniform(1e-6, 0.01), dropout: [uniform(0, 0.8), 0.5], hidden: choice([[64], [128, 64]]) };
  expect(checkSpace('test', space).toJSON()).toEqual({
    l2: { kind: 'logUniform', low: 1e-6, high: 0.01 },
    dropout: [
      { kind: 'uniform', low: 0, high: 0.8 },
      { kind: 'fixed', value: 0.5 },
    ],
    hidden: { kind: 'choice', values: [[64], [128, 64]] },
  });
});

const number = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
const above = fc.double({ noNaN: true, min: 1e-3, max: 1e3 });
const scalar = fc.oneof(number, fc.string(), fc.boolean());
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const distribution = fc.oneof(
  fc.tuple(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), above).map(([low, more]) => uniform(low, low + more)),
  fc.tuple(above, above).map(([low, more]) => logUniform(low, low + more)),
  fc.tuple(fc.integer(), fc.integer({ min: 1 })).map(([low, more]) => integer(low, low + more)),
  fc
    .uniqueArray(value, { minLength: 1, comparator: (a, b) => isSameValue(fixed(a).at(0), fixed(b).at(0)) })
    .map(choice),
  value.map(fixed),
);
// A letter before each name, so that none has bounds.
const name = fc.string().map((text) => `x${text}`);
const entry = fc.oneof(distribution, scalar, fc.array(fc.oneof(distribution, scalar), { minLength: 1, maxLength: 3 }));

test('what was written is read: the same text, the same dimensions, the same values', () => {
  fc.assert(
    fc.property(fc.dictionary(name, entry, { minKeys: 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (space, word) => {
      const text = toText(space);
      const read = spaceFromJson(JSON.parse(text));
      expect(toText(read)).toBe(text);
      const [was, is] = [checkSpace('test', space), checkSpace('test', read)];
      const at = ({ dimensions, configuration }: typeof was) =>
        configuration(dimensions.map(({ distribution }) => distribution.at(word * 2 ** -32)));
      expect(at(is)).toEqual(at(was));
    }),
  );
});

test('plain values are fixed ones', () => {
  const space = checkSpace(
    'test',
    spaceFromJson({ activation: 'relu', bias: true, dropout: [0.2, { kind: 'uniform', low: 0, high: 0.5 }] }),
  );
  expect(space.dimensions).toHaveLength(1);
  expect(space.configuration([0.1])).toEqual({ activation: 'relu', bias: true, dropout: [0.2, 0.1] });
});

const known = 'known: uniform, logUniform, integer, choice, fixed';
const object = 'the space must be an object such as { "l2": { "kind": "logUniform", "low": 1e-6, "high": 1e-2 } }, got';

testRefusals(
  {
    [`${object} null`]: () => spaceFromJson(null),
    [`${object} "l2"`]: () => spaceFromJson('l2'),
    [`${object} [1]`]: () => spaceFromJson([1]),
    'space must not be empty; try { l2: logUniform(1e-6, 1e-2) }': () => spaceFromJson({}),
    [`l2: unknown kind undefined; ${known}`]: () => spaceFromJson({ l2: {} }),
    [`l2: unknown kind "logUnifrom", did you mean 'logUniform'?; ${known}`]: () =>
      spaceFromJson({ l2: { kind: 'logUnifrom', low: 1, high: 2 } }),
    [`l2: unknown kind "toString"; ${known}`]: () => spaceFromJson({ l2: { kind: 'toString' } }),
    [`l2: unknown kind ["uniform"]; ${known}`]: () => spaceFromJson({ l2: { kind: ['uniform'], low: 1, high: 2 } }),
    'l2: uniform: high must be above low, got low 2 and high 1': () =>
      spaceFromJson({ l2: { kind: 'uniform', low: 2, high: 1 } }),
    'l2: uniform: high must be a finite number, got undefined': () =>
      spaceFromJson({ l2: { kind: 'uniform', low: 2 } }),
    'l2: logUniform: low must be a number > 0, got "1"': () =>
      spaceFromJson({ l2: { kind: 'logUniform', low: '1', high: 2 } }),
    "l2: uniform: unknown option 'hihg', did you mean 'high'?; known: low, high": () =>
      spaceFromJson({ l2: { kind: 'uniform', low: 0, hihg: 1 } }),
    'l2[1]: integer: low must be an integer, got 0.5': () =>
      spaceFromJson({ l2: [1, { kind: 'integer', low: 0.5, high: 1 }] }),
    'a: choice: values must not be empty': () => spaceFromJson({ a: { kind: 'choice', values: [] } }),
    'a: choice: values[0] must be a number, a string, a boolean or an array of them, got a Object': () =>
      spaceFromJson({ a: { kind: 'choice', values: [{}] } }),
    'a: fixed: value must be a number, a string, a boolean or an array of them, got undefined': () =>
      spaceFromJson({ a: { kind: 'fixed' } }),
    'space.a must be a distribution such as uniform(0, 1), or a number, string or boolean, got null': () =>
      spaceFromJson({ a: null }),
    'space.a must not be empty; it has one distribution a layer': () => spaceFromJson({ a: [] }),
  },
  { prefix: 'EngineError of kind format: spaceFromJson: ' },
);

test('whatever a file holds is a space or an error of its format', () => {
  const kinds = fc.constantFrom('uniform', 'logUniform', 'integer', 'choice', 'fixed');
  const fields = {
    kind: fc.oneof(kinds, fc.jsonValue()),
    low: fc.jsonValue(),
    high: fc.jsonValue(),
    values: fc.jsonValue(),
  };
  const object = fc.record(fields, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.oneof(object, fc.array(object)))), (json) => {
      const error = caught(() => checkSpace('test', spaceFromJson(json)));
      if (error) expect(error).toMatchObject({ name: 'EngineError', kind: 'format' });
    }),
    { numRuns: 500 },
  );
});
