import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { hashOf, runsOf, test, textOf, whenAt } from './demo-page.js';

const STEPS = 4;

/** Presses Tab until the element of this id has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.id);
  for (let presses = 0; presses < 60 && (await focused()) !== id; presses++) await page.keyboard.press('Tab');
  expect(await focused()).toBe(id);
}

/** Takes a few steps from the start, and returns the hashes of all weights. */
async function hashesAfterSteps(page: Page): Promise<string[]> {
  await page.locator('#reset').click();
  await whenAt(page, 0);
  await page.locator('#play').click();
  return (await whenAt(page, STEPS)).map(({ hash }) => hash);
}

test('L1, Gaussian dropout and the largest norm are set by keyboard, change the weights, and stay in the address', async ({
  open,
}) => {
  const page = await open({ hash: `data=moons&steps=${STEPS}&hidden=8&run=0_0.5_0.003`, reducedMotion: true });
  await whenAt(page, 0);
  const seen = [await hashesAfterSteps(page)];
  const differs = async (what: string) => {
    const hashes = await hashesAfterSteps(page);
    expect(seen, what).not.toContainEqual(hashes);
    seen.push(hashes);
  };

  await page.locator('#optimizer').focus();
  await tabTo(page, 'part-l1');
  expect(await page.locator('#l1-row').isVisible()).toBe(false);
  await page.keyboard.press('Space');
  await expect.poll(() => page.locator('#l1-row').isVisible()).toBe(true);
  await whenAt(page, 0);
  await page.locator('#l2-exact').focus();
  await tabTo(page, 'l1');
  await page.keyboard.press('End');
  const said = (await page.locator('#l1').getAttribute('aria-valuetext')) ?? '';
  expect(said).toMatch(/^λ = [\d.]+$/);
  await expect.poll(async () => (await runsOf(page))[0].knobs).toContain('L1');
  await tabTo(page, 'l1-exact');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('0.05');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await runsOf(page))[0].knobs).toMatch(/L1\s0\.05/);
  expect(await page.locator('#l1').getAttribute('aria-valuetext')).toBe('λ = 0.05');
  await differs('L1');

  await page.locator('#optimizer').focus();
  await tabTo(page, 'part-gaussian');
  await page.keyboard.press('Space');
  await expect.poll(() => hashOf(page)).toContain('parts=l1,gaussian');
  await differs('Gaussian dropout');

  await tabTo(page, 'max-norm');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('0.2');
  await page.keyboard.press('Enter');
  await expect.poll(() => hashOf(page)).toContain('max-norm-0.2');
  await differs('the largest norm');

  // Another page of this address has the same knobs, and the same weights after the same steps.
  const hash = (await hashOf(page)).slice(1);
  await page.close();
  const other = await open({ hash, reducedMotion: true, lab: false });
  await whenAt(other, 0);
  for (const part of ['part-l1', 'part-gaussian']) expect(await other.locator(`#${part}`).isChecked(), part).toBe(true);
  expect(await other.locator('#max-norm').inputValue()).toBe('0.2');
  expect(await other.locator('#l1-exact').inputValue()).toBe('0.05');
  expect(await textOf(other, 'problem')()).toBe('');
  expect(await hashesAfterSteps(other)).toEqual(seen.at(-1));
  // Each is switched off again as it was switched on.
  await other.locator('#part-l1').press('Space');
  await other.locator('#part-gaussian').press('Space');
  await other.locator('#max-norm').fill('0');
  await other.locator('#max-norm').press('Enter');
  await expect.poll(() => hashOf(other)).not.toContain('parts=');
  await whenAt(other, 0);
  expect(await other.locator('#l1-row').isVisible()).toBe(false);
});

test('a list of data sets with pictures is chosen from by keyboard', async ({ open }) => {
  const page = await open({ hash: 'data=moons&steps=2&run=0_0_0.003', reducedMotion: true });
  await whenAt(page, 0);
  await page.locator('#data').focus();
  const pictures = () => page.locator('#data option svg').count();
  await expect.poll(pictures).toBe(5); // moons, circles, spiral, XOR, sine
  const dots = await page
    .locator('#data option svg')
    .evaluateAll((all) =>
      all.map((svg) => new Set([...svg.querySelectorAll('circle')].map((dot) => dot.style.fill)).size),
    );
  expect(dots).toEqual([2, 2, 2, 2, 1]);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => hashOf(page)).toContain('data=circles');
  await whenAt(page, 0);
  expect(await page.locator('#data').inputValue()).toBe('circles');
  await expect.poll(textOf(page, 'source')).toContain('150 training');
  expect(await pictures()).toBe(5);
});
