import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Open, runsOf, test, textOf, untilStep, whenAt, whenStill } from './demo-page.js';

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
  await expect.poll(() => cells.count()).toBeGreaterThan(0);
  return (await cells.allInnerTexts()).map(Number);
}

/** Trains to where a pause saves, and a little further; there the device is lost; then on to the end. */
async function disturbed(open: Open, lose: (page: Page) => Promise<void>) {
  const page = await open({ hash: ADDRESS });
  await untilStep(page, SAVED);
  await page.locator('#play').click();
  await whenStill(page);
  const saved = Math.min(...(await runsOf(page)).map(({ step }) => step));
  await page.locator('#play').click();
  await untilStep(page, saved + 15);
  await lose(page);
  await expect.poll(textOf(page, 'recovered'), { timeout: 300_000, interval: 100 }).toBe('1');
  await expect.poll(textOf(page, 'notice')).toContain(`goes on from the last save, at step ${saved}`);
  const runs = await whenAt(page, STEPS);
  const steps = await measuredSteps(page);
  await page.close();
  return { runs, steps };
}

test('a device that is lost is replaced, and training goes on from the last save to the same weights', async ({
  open,
  site,
}) => {
  const alone = await open({ hash: ADDRESS });
  const runs = await whenAt(alone, STEPS);
  const steps = await measuredSteps(alone);
  await alone.close();

  const ways = {
    'provoked by the menu': async (page: Page) => {
      await page.locator('#menu summary').click();
      await page.locator('#lose-device').click();
    },
    'the GPU process crashes': async () => {
      const session = await site.browser.newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess').catch(() => {}); // the reply is lost with the process
    },
  };
  for (const [way, lose] of Object.entries(ways)) {
    const after = await disturbed(open, lose);
    expect(after.runs, way).toEqual(runs);
    // The curves go on: what an undisturbed run measured, and nothing twice.
    expect(after.steps, way).toEqual(expect.arrayContaining(steps));
    expect(new Set(after.steps).size, way).toBe(after.steps.length);
  }
});
