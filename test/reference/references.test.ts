import { expect, test } from 'vitest';
import { reluOp } from '../../src/ops/activations.js';
import { OPS } from '../../src/ops/every-op.js';
import type { ElementwiseOp } from '../../src/ops/tensor.js';
import { REFERENCES, referenceOf } from '../../src/reference/references.js';

const named = OPS.filter(({ kind }) => kind !== 'leaf').map(({ name }) => name);

test('every op has a reference, and every reference has an op', () => {
  expect(Object.keys(REFERENCES).sort()).toEqual([...named].sort());
  expect(new Set(named).size).toBe(named.length);
});

test("an op's own reference comes before the one of its name", () => {
  const reference = { draw: [], value: () => 1, error: () => 0 };
  expect(referenceOf({ ...reluOp, reference }).value).toBe(reference.value);
  expect(referenceOf(reluOp)).toBe(REFERENCES.relu);
});

test.each(['softsign', 'toString'])('an op %s without a reference is refused', (name) => {
  const op: ElementwiseOp = { ...reluOp, name };
  expect(() => referenceOf(op)).toThrow(new Error(`${name}: there is no reference of it`));
});
