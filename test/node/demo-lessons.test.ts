import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LessonName } from '../../demo/contract/lessons.js';
import { lessonOf } from '../../demo/contract/lessons.js';
import { DemoPages, runsOf, untilStep, whenAt } from './demo-page.js';

/** Between what the lessons end with: 0.1 to 0.2 with regularisation, about 1 without. */
const GAP = 0.5;

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

/** Opens a lesson as its link does, lets it run to its end, and says how its runs came out. */
async function finish(name: LessonName) {
  const { page, complaints } = await pages.open({ hash: `lesson=${name}` });
  await page.locator('#speed').selectOption('Infinity');
  const runs = await whenAt(page, lessonOf(name).state.steps);
  const shown = { runs, first: await page.locator('#gap-first').innerText(), complaints };
  await page.close();
  return shown;
}

describe('lessons reach what they promise, from the same start', { timeout: 300_000 }, () => {
  let alone: Awaited<ReturnType<typeof finish>>['runs'][number];

  test('overfit me: the gap opens', async () => {
    const { runs, first, complaints } = await finish('overfit');
    [alone] = runs;
    expect(alone.gap).toBeGreaterThan(GAP);
    expect(alone.trainAccuracy).toBeGreaterThan(88);
    expect(Number(first)).toBe(alone.gap);
    expect(complaints).toEqual([]);
  });

  test.each(['l2', 'dropout', 'both'] as const)('%s: the gap closes, and validation accuracy rises', async (name) => {
    const { runs, complaints } = await finish(name);
    const [without, ...others] = runs;
    expect(without).toEqual(alone); // the same address, seed and batches: the same weights, by their hash
    for (const run of others) {
      expect(run.gap).toBeLessThan(GAP);
      expect(run.validationLoss).toBeLessThan(without.validationLoss);
      expect(run.validationAccuracy).toBeGreaterThan(without.validationAccuracy);
      expect(run.hash).not.toBe(without.hash);
    }
    expect(complaints).toEqual([]);
  });
});

test('from lesson to lesson nothing starts anew that need not', { timeout: 120_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=overfit' });
  await untilStep(page, 100);
  await page.locator('#lessons a[data-lesson="l2"]').click();
  const [first, second] = await runsOf(page);
  expect(first.step).toBeGreaterThanOrEqual(100);
  expect(second.knobs).toContain('0.01');
  await untilStep(page, first.step + 50);
  await page.locator('#lessons a[data-lesson="overfit"]').click();
  await expect.poll(async () => (await runsOf(page)).length).toBe(1);
  expect((await runsOf(page))[0].step).toBeGreaterThanOrEqual(first.step);
  expect(complaints).toEqual([]);
  await page.close();
});
