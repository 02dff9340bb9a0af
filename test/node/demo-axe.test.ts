import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { LESSON_NAMES } from '../../demo/contract/lessons.js';
import { runsOf, test, whenAt } from './demo-page.js';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'];
const TABS = ['answer', 'weights', 'mask', 'uncertainty', 'mistakes', 'search', 'check'];

/** Returns the findings of axe, one line each. */
async function findings(page: Page, where: string): Promise<string[]> {
  const found: string[] = await page.evaluate(async (rules) => {
    const { violations } = await Reflect.get(globalThis, 'axe').run({ runOnly: rules });
    return violations.flatMap(({ id, nodes }: { id: string; nodes: { target: string[]; failureSummary: string }[] }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
  }, RULES);
  return found.map((line) => `${where}: ${line}`);
}

test.for([
  { dark: false, width: 1440 },
  { dark: true, width: 1440 },
  { dark: false, width: 360 },
  { dark: true, width: 360 },
])('axe finds nothing in any lesson and any tab: %o', async ({ dark, width }, { open }) => {
  const page = await open({ hash: 'lesson=dropout&steps=4', dark, width });
  await whenAt(page, 4);
  await page.evaluate(AXE);
  const found: string[] = [];
  for (const tab of TABS) {
    await page.locator(`#tab-${tab}`).click();
    await expect.poll(() => page.locator(`#panel-${tab}`).isVisible()).toBe(true);
    found.push(...(await findings(page, tab)));
  }
  for (const details of await page.locator('details:not([open]) > summary').all()) {
    if (await details.isVisible()) await details.click();
  }
  found.push(...(await findings(page, 'all open')));
  for (const lesson of LESSON_NAMES) {
    for (const lab of ['', '&lab']) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `lesson=${lesson}&steps=4&batch=10&examples=40&data=sine&noise=2${lab}`); // with a note
      const current = () => page.locator('#lessons a[aria-current]').getAttribute('data-lesson');
      await expect.poll(current).toBe(lesson);
      await expect.poll(() => page.locator('#lab').getAttribute('aria-pressed')).toBe(String(lab !== ''));
      await expect.poll(async () => (await runsOf(page)).length).toBeGreaterThan(0);
      found.push(...(await findings(page, lesson + lab)));
    }
  }
  // It fits: nothing of the page lies beside the screen.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  expect(found).toEqual([]);
});
