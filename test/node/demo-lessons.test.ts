import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { LessonName } from '../../demo/contract/lessons.js';
import { lessonOf } from '../../demo/contract/lessons.js';
import type { RunState } from '../../demo/contract/state.js';
import { type Open, runsOf, test, textOf, type, untilStep, whenAt } from './demo-page.js';

/** Between what the lessons end with: 0.1 to 0.2 with regularisation, about 1 without. */
const GAP = 0.5;

/** Opens a lesson as its link does, lets it run to its end, and says how its runs came out. */
async function finish(open: Open, name: LessonName) {
  const page = await open({ hash: `lesson=${name}` });
  await page.locator('#speed').selectOption('Infinity');
  const runs = await whenAt(page, lessonOf(name).state.steps);
  const result = await textOf(page, 'result')();
  expect(result).not.toContain('far worse'); // not even where a run learns by heart
  const norms = name === 'both' ? await normsOf(page) : [];
  await page.close();
  return { runs, norms };
}

/** ‖w‖ of each layer of each run, as the tab of the weights has them. */
async function normsOf(page: Page): Promise<number[][]> {
  const norms: number[][] = [];
  for (const [i, letter] of [...'ABCD'].entries()) {
    await page.locator('#runs input').nth(i).check();
    const titles = page.locator('#histograms figcaption');
    await expect.poll(() => titles.first().innerText()).toContain(`‖w‖ ${letter} `);
    norms.push((await titles.allInnerTexts()).map((text) => Number(text.match(/‖w‖ . ([\d.]+)/)?.[1])));
  }
  return norms;
}

test('overfit me: the gap opens. Both: it closes with L2, with dropout, with both, from the same start', async ({
  open,
}) => {
  const [alone] = (await finish(open, 'overfit')).runs;
  expect(alone.gap).toBeGreaterThan(GAP);
  expect(alone.trainAccuracy).toBeGreaterThan(88);
  const { runs, norms } = await finish(open, 'both');
  const [without, ...others] = runs;
  expect(without).toEqual(alone); // another lesson, the same seed and batches: the same weights, by their hash
  for (const run of others) {
    expect(run.gap).toBeLessThan(GAP);
    expect(run.validationLoss).toBeLessThan(without.validationLoss);
    expect(run.validationAccuracy).toBeGreaterThan(without.validationAccuracy);
    expect(run.hash).not.toBe(without.hash);
  }
  // The weights: each keeps them smaller in every layer, dropout the hidden layers much less so than L2.
  const [bare, l2, dropout] = norms;
  for (const layer of [0, 1, 2])
    for (const kept of [l2, dropout, norms[3]]) expect(kept[layer]).toBeLessThan(bare[layer]);
  for (const layer of [0, 1]) expect(dropout[layer]).toBeGreaterThan(2 * l2[layer]);
});

test('add L1: most weights become exactly 0, those of the inputs that matter stay, and new rows are answered better', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=l1' });
  await page.locator('#speed').selectOption('Infinity');
  const [l2, l1] = await whenAt(page, lessonOf('l1').state.steps);
  expect(l1.validationLoss).toBeLessThan(0.75 * l2.validationLoss);
  expect(await textOf(page, 'result')()).not.toContain('far worse');
  const captions = page.locator('#first-layers .right');
  const zeros = async (i: number) =>
    Number((await captions.nth(i).innerText()).match(/zeros: ([\d,]+)/)?.[1].replace(',', ''));
  await expect.poll(() => zeros(1)).toBeGreaterThan(800); // of 1,040
  expect(await zeros(0)).toBe(0);
  await page.locator('#lab').click();
  await expect.poll(textOf(page, 'story-now')).toContain('Most weights of B are 0');
  expect(await captions.nth(1).innerText()).toMatch(/of 64 inputs left$/);
});

/** Returns the knobs of a run, without its number. */
const knobsOf = ({ id: _, ...knobs }: RunState) => knobs;

test('the runs of the lessons on L2 and on dropout are among those four', () => {
  const [{ state: l2 }, { state: dropout }, { state: both }] = (['l2', 'dropout', 'both'] as const).map(lessonOf);
  expect({ ...l2, runs: [] }).toEqual({ ...both, runs: [], selected: 1 });
  expect({ ...dropout, runs: [] }).toEqual({ ...both, runs: [], selected: 1 });
  const [a, b, c] = both.runs.map(knobsOf);
  expect([l2.runs.map(knobsOf), dropout.runs.map(knobsOf)]).toEqual([
    [a, b],
    [a, c],
  ]);
});

test('a lesson is what it is on a fresh page, whatever came before it', async ({ open }) => {
  const steps = 10;
  const names = ['overfit', 'l2', 'dropout', 'both', 'l1'] as const;
  const alone = new Map<string, Awaited<ReturnType<typeof whenAt>>>();
  for (const name of names) {
    const page = await open({ hash: `lesson=${name}&steps=${steps}` });
    alone.set(name, await whenAt(page, steps));
    await page.close();
  }
  const page = await open({ hash: 'lesson=check' });
  for (const name of [...names, ...names.toReversed().slice(1)]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `lesson=${name}&steps=${steps}`);
    await expect.poll(async () => (await runsOf(page)).length).toBe(lessonOf(name).state.runs.length);
    expect(await whenAt(page, steps), name).toEqual(alone.get(name));
    await page.locator('#play').click(); // on, past its end
    await untilStep(page, steps + 2);
  }
  // Back to the lesson's settings: its runs start again.
  await page.locator('#lessons a[data-lesson="l2"]').click();
  await untilStep(page, 5);
  await page.locator('#lab').click();
  await page.locator('#reset-lesson').click();
  expect((await runsOf(page)).map(({ step }) => step)).toEqual([0, 0]);
});

test('a run is known by itself, not by its knobs', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=60' });
  const [, second] = await whenAt(page, 60);
  await type(page, 'l2-exact', 0); // now B has the knobs of A
  await page.locator('#runs tbody tr').first().locator('button').click();
  const [left, ...others] = await runsOf(page);
  expect(others).toEqual([]);
  expect(left).toEqual({ ...second, knobs: left.knobs });
});
