import { describe, expect, test } from 'vitest';
import { HISTORY } from '../../demo/contract/protocol.js';
import { History } from '../../demo/worker/history.js';
import { firstSpacing, MOST_ROWS, nextMeasurement, spacingAt } from '../../demo/worker/measuring.js';

const row = (step: number) => [step, 0, 0, 0, 0, 0];
const steps = (rows: Float32Array) => [...rows].filter((_, i) => i % HISTORY.length === 0);

/** A history as training makes it, up to a step. */
function measured(until: number, first: number): History {
  const history = new History(first);
  for (let step = 0; step <= until; step = nextMeasurement(step, first)) history.add(row(step));
  return history;
}

describe('when is measured', () => {
  test('powers of two at first, then at even distances', () => {
    const at = [0];
    while (at.length < 9) at.push(nextMeasurement(at[at.length - 1], 8));
    expect(at).toEqual([0, 1, 2, 4, 8, 16, 24, 32, 40]);
  });

  test('from any step on it is at the same steps', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 17].map((step) => nextMeasurement(step, 8))).toEqual([
      1, 2, 4, 4, 8, 8, 16, 16, 24,
    ]);
  });

  test('distances double when a history is full', () => {
    expect([0, 7999, 8000, 15_999, 16_000].map((step) => spacingAt(step, 8))).toEqual([8, 8, 16, 16, 32]);
    expect(nextMeasurement(7992, 8)).toBe(8000);
    expect(nextMeasurement(8000, 8)).toBe(8016);
  });

  test('rarely where measuring takes long', () => {
    expect([firstSpacing(600, 600), firstSpacing(600, 50), firstSpacing(2000, 32)]).toEqual([4, 16, 64]);
  });
});

test.each([1000, 100_000, 1_000_000])('after %i steps there are at most so many rows, evenly', (until) => {
  const { rows } = measured(until, 8);
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS + 4);
  expect(rows.length).toBeGreaterThan(Math.min(MOST_ROWS / 2, until / 8));
  const distances = rows.slice(5).map(([step], i) => step - rows[i + 4][0]);
  expect(new Set(distances).size).toBe(1);
  expect(rows.slice(0, 5).map(([step]) => step)).toEqual(
    [0, 1, 2, 4, 8].map((step) => (until > 8000 && step === 8 ? distances[0] : step)),
  );
});

test('what is told adds up to the rows', () => {
  const history = new History(4);
  let told: number[] = [];
  for (let step = 0; step <= 20_000; step = nextMeasurement(step, 4)) {
    history.add(row(step));
    if (step % 3 > 0) continue;
    const news = history.news();
    if (news) told = news.replace ? steps(news.rows) : [...told, ...steps(news.rows)];
  }
  const last = history.news();
  if (last) told = last.replace ? steps(last.rows) : [...told, ...steps(last.rows)];
  expect(told).toEqual(history.rows.map(([step]) => step));
  expect(history.news()).toBeUndefined();
});

test('after it was cut it replaces what was told', () => {
  const history = measured(40, 8);
  history.news();
  history.cut(20);
  const news = history.news();
  expect([news?.replace, news && steps(news.rows)]).toEqual([true, [0, 1, 2, 4, 8, 16]]);
  history.cut(-1);
  expect(history.news()).toEqual({ rows: new Float32Array(), replace: true });
  history.cut(-1);
  expect(history.news()).toBeUndefined();
});

test('a step that is measured again takes the place of the last', () => {
  const history = measured(8, 8);
  history.add([8, 7, 7, 7, 7, 7]);
  expect(history.rows.map(([step, loss]) => [step, loss])).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [4, 0],
    [8, 7],
  ]);
});
