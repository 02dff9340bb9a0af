import { expect, test } from 'vitest';
import type { Knobs } from '../../demo/contract/state.js';
import { Marks } from '../../demo/worker/marks.js';

const knobs = (l2: number, dropout = [0, 0]): Knobs => ({ l2, dropout, learningRate: 0.1 });

test('turns of knobs at one step are one mark, and at another step another', () => {
  const marks = new Marks();
  marks.add(5, knobs(0), knobs(0.1), 0);
  marks.add(5, knobs(0.1), knobs(0.2, [0.5, 0.5]), 5000);
  marks.add(9, knobs(0.2, [0.5, 0.5]), knobs(0.2, [0.5, 0.1]), 10_000);
  expect(marks.facts()).toEqual([
    { step: 5, text: 'λ 0 → 0.2, p 0 → 0.5' },
    { step: 9, text: 'p 0.5 → 0.5 0.1' },
  ]);
  expect(marks.turnAt(9)).toBe('p 0.5 → 0.5 0.1');
  expect(marks.turnAt(10)).toBeUndefined();
});

test('a drag over some steps is one mark, where it ended', () => {
  const marks = new Marks();
  marks.add(5, knobs(0), knobs(0.1), 0);
  marks.add(7, knobs(0.1), knobs(0.2), 100);
  marks.add(9, knobs(0.2), knobs(0.3), 500);
  expect(marks.facts()).toEqual([{ step: 9, text: 'λ 0 → 0.3' }]);
});

test('some edits of points are one mark, apart from turns of knobs', () => {
  const marks = new Marks();
  const after = (edits: number, l2 = 0) => ({ ...knobs(l2), edits });
  marks.add(5, after(0), after(1), 0);
  marks.add(9, after(1), after(2), 2000);
  marks.add(12, after(2), after(2, 0.1), 4000);
  marks.add(15, after(2, 0.1), after(3, 0.1), 5000);
  expect(marks.facts()).toEqual([
    { step: 9, text: 'points edited' },
    { step: 12, text: 'λ 0 → 0.1' },
    { step: 15, text: 'points edited' },
  ]);
  expect(marks.turnAt(15)).toBeUndefined(); // an edit is no turn
});

test('back where it was is no mark', () => {
  const marks = new Marks();
  marks.add(5, knobs(0), knobs(0.1), 0);
  marks.add(6, knobs(0.1), knobs(0), 100);
  expect(marks.facts()).toEqual([]);
});

test('a run that is back at a step has its marks there at the latest', () => {
  const marks = new Marks();
  marks.add(5, knobs(0), knobs(0.1), 0);
  marks.add(50, knobs(0.1), knobs(0.2), 5000);
  marks.cut(20);
  expect(marks.facts().map(({ step }) => step)).toEqual([5, 20]);
});
