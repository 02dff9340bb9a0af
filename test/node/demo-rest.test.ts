import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { runsOf, test, textOf, untilStep, whenAt, whenStill } from './demo-page.js';

const isPlaying = async (page: Page) => (await page.locator('#play').getAttribute('data-playing')) === 'true';

/** Tells the page that it is hidden, or seen again. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('training rests while the page is hidden, and goes on when it is seen again', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=0' });
  await untilStep(page, 10);
  await hide(page, true);
  await expect.poll(() => isPlaying(page)).toBe(false);
  await whenStill(page);
  const [{ step }] = await runsOf(page);
  await page.waitForTimeout(500);
  expect((await runsOf(page))[0].step).toBe(step);
  await hide(page, false);
  await untilStep(page, step + 10);
  expect(await isPlaying(page)).toBe(true);

  // A run that a person paused stays paused.
  await page.locator('#play').click();
  await whenStill(page);
  await hide(page, true);
  await hide(page, false);
  expect(await isPlaying(page)).toBe(false);
});

test('what a person paused stays paused, however late the worker is heard', async ({ open }) => {
  const late = 1000;
  const page = await open({ hash: 'lesson=overfit&steps=0', late });
  await untilStep(page, 10);
  await page.locator('#play').click();
  await page.waitForTimeout(late / 2); // by now it has obeyed, and what it told before is still to come
  await hide(page, true);
  await hide(page, false);
  await page.waitForTimeout(2 * late);
  expect(await isPlaying(page)).toBe(false);
  const [{ step }] = await runsOf(page);
  await page.waitForTimeout(late / 2);
  expect((await runsOf(page))[0].step).toBe(step);

  // A step is a pause, too.
  await page.locator('#play').click();
  await untilStep(page, step + 10);
  await page.locator('#step').click();
  expect(await isPlaying(page)).toBe(false);
  await page.waitForTimeout(2 * late);
  expect(await isPlaying(page)).toBe(false);
});

test('nothing starts by itself where a person asked for less motion', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(page, 0);
  expect(await isPlaying(page)).toBe(false);
  await page.locator('#lessons a[data-lesson="l2"]').click();
  await expect.poll(async () => (await runsOf(page)).length).toBe(2);
  await page.waitForTimeout(500);
  expect((await runsOf(page)).map(({ step }) => step)).toEqual([0, 0]);
  await page.locator('#play').click();
  await untilStep(page, 1);
});

test('a learning rate that only makes it worse is called so, to the end', async ({ open }) => {
  // The first blows up and dies: its training loss is back where it began, the validation loss is not.
  for (const rate of [1, 10]) {
    const page = await open({ hash: `lesson=overfit&run=0_0_${rate}&steps=100` });
    await whenAt(page, 100);
    await page.waitForTimeout(2_500); // the line is written every two seconds
    expect(await textOf(page, 'result')()).toBe('A is far worse than at step 0. Lower its learning rate.');
    await page.close();
  }
});

/** Addresses that nobody writes by hand, and what of each is named in the note; test/demo/address.test.ts has more. */
const HOSTILE = {
  'lesson=%00&hidden=9999999': 'hidden',
  'lesson=__proto__': 'lesson',
  'data=%3Cscript%3Ealert(1)%3C/script%3E': 'data',
  'run=99_0.95_77&run=a_b_c': 'run',
  [`run=${'0_0_0.001&run='.repeat(50)}0_0_0.001`]: 'run may be given 4 times',
  'optimizer=%E0%A4%A': 'optimizer',
};

describe('an address may hold anything', () => {
  test('the page opens with a note, and within its limits', async ({ open }) => {
    const page = await open({ hash: 'lesson=check', reducedMotion: true });
    await whenAt(page, 0);
    for (const [hash, named] of Object.entries(HOSTILE)) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await expect.poll(textOf(page, 'notice'), { message: hash }).toContain(named);
      expect(await page.locator('#problem').isVisible(), hash).toBe(false);
      await page.locator('#lessons a[data-lesson="check"]').click();
      await expect.poll(() => page.locator('#notice').isVisible(), { message: hash }).toBe(false);
    }
    expect(await page.locator('script').count()).toBeLessThan(5);
    await whenAt(page, 0);
  });

  test.for(Object.keys(HOSTILE).slice(0, 2))('%s, opened directly', async (hash, { open }) => {
    const page = await open({ hash, reducedMotion: true });
    await whenAt(page, 0);
    expect(await page.locator('#notice').isVisible()).toBe(true);
  });
});
