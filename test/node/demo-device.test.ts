import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, runsOf, untilStep, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

const STEPS = 80;
const SAVED = 15;
const ADDRESS = `lesson=l2&steps=${STEPS}`;

/** The steps of the loss chart's table. */
async function measuredSteps(page: Page): Promise<number[]> {
  // Opened by its property: charts that settle meanwhile may move it from under a click.
  await page.locator('details[data-chart="loss"]').evaluate((details: HTMLDetailsElement) => {
    details.open = true;
  });
  const cells = page.locator('details[data-chart="loss"] tbody td:first-child');
  await expect.poll(() => cells.count(), { timeout: 10_000 }).toBeGreaterThan(0);
  return (await cells.allInnerTexts()).map(Number);
}

/** Trains to where a pause saves, and a little further; there the device is lost; then on to the end. */
async function disturbed(lose: (page: Page) => Promise<void>) {
  const { page, complaints } = await pages.open({ hash: ADDRESS });
  await untilStep(page, SAVED);
  await page.locator('#play').click();
  await expect.poll(async () => (await runsOf(page)).every(({ hash }) => hash !== '…')).toBe(true);
  const saved = Math.min(...(await runsOf(page)).map(({ step }) => step));
  await page.locator('#play').click();
  await untilStep(page, saved + 15);
  await lose(page);
  await expect.poll(() => page.locator('#recovered').innerText(), { timeout: 60_000, interval: 100 }).toBe('1');
  await expect
    .poll(() => page.locator('#notice').innerText(), { timeout: 30_000 })
    .toContain(`goes on from the last save, at step ${saved}`);
  const runs = await whenAt(page, STEPS);
  const steps = await measuredSteps(page);
  return { page, complaints, runs, steps };
}

test('a device that is lost is replaced, and training goes on from the last save to the same weights', {
  timeout: 240_000,
}, async () => {
  const alone = await pages.open({ hash: ADDRESS });
  const runs = await whenAt(alone.page, STEPS);
  const steps = await measuredSteps(alone.page);
  expect(alone.complaints).toEqual([]);
  await alone.page.close();

  const ways = {
    'provoked by the menu': async (page: Page) => {
      await page.locator('#menu summary').click();
      await page.locator('#lose-device').click();
    },
    'the GPU process crashes': async () => {
      const session = await pages.browser.newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
    },
  };
  for (const [way, lose] of Object.entries(ways)) {
    const after = await disturbed(lose);
    expect(after.runs, way).toEqual(runs);
    // The curves go on: what an undisturbed run measured, and nothing twice.
    expect(after.steps, way).toEqual(expect.arrayContaining(steps));
    expect(new Set(after.steps).size, way).toBe(after.steps.length);
    expect(after.complaints, way).toEqual([]);
    await after.page.close();
  }
});
