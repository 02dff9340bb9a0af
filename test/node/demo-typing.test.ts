import { expect } from 'vitest';
import { hashOf, test, type, whenAt } from './demo-page.js';

const STILL = 'lesson=overfit&hidden=16,16&batch=30';

/** Chooses an activation as the person's hand does who does not leave the box that is typed in: the focus stays. */
function choose(name: string): void {
  const select = document.querySelector<HTMLSelectElement>('#activation');
  if (!select) throw new Error('there is no choice of activations');
  select.value = name;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

test('what is half typed stays when the page is told something', async ({ open }) => {
  const page = await open({ hash: STILL, reducedMotion: true });
  await whenAt(page, 0);
  const typing = [
    ['#layers input:nth-child(2)', '10'],
    ['#batch', '11'],
    ['#l2-exact', '0.12'],
    ['#examples-exact', '90'],
  ];
  for (const [i, [box, text]] of typing.entries()) {
    await page.locator(box).fill(text);
    await page.evaluate(choose, ['tanh', 'relu'][i % 2]);
    expect(await page.locator(box).inputValue(), box).toBe(text);
    await page.locator(box).blur();
  }
  for (const setting of ['hidden=16,10', 'batch=11', 'run=0.12_', 'examples=90'])
    await expect.poll(() => hashOf(page)).toContain(setting);
});

/** Milliseconds. */
const LATE = 400;

test('a setting that does not fit is corrected, and what was set meanwhile stays', async ({ open }) => {
  const page = await open({ hash: STILL, webgpu: false, reducedMotion: true, late: LATE });
  await whenAt(page, 0);
  await type(page, 'batch', 200); // the CPU has room for 32
  await page.waitForTimeout(LATE / 2);
  await page.evaluate(choose, 'tanh');
  await expect.poll(() => page.locator('#batch').inputValue()).toBe('32');
  expect(await page.locator('#activation').inputValue()).toBe('tanh');
  await page.waitForTimeout(2 * LATE);
  expect(await page.locator('#activation').inputValue()).toBe('tanh');
});

test('the link to a lesson leads there, even before the address says that one is elsewhere', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(page, 0);
  await page.evaluate(choose, 'tanh');
  await page.evaluate(() => document.querySelector<HTMLElement>('#lessons a[data-lesson="overfit"]')?.click());
  await expect.poll(() => page.locator('#activation').inputValue()).toBe('relu');
});

test('a plan that is typed before the search is there stays', async ({ open }) => {
  const page = await open({ hash: STILL, reducedMotion: true });
  await page.route(/\/search-[^/]*\.js$/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE));
    await route.continue();
  });
  await page.locator('#tab-search').click();
  await type(page, 'search-l2', '0, 0.1');
  await expect.poll(() => page.locator('#search-dropout').inputValue()).not.toBe('');
  expect(await page.locator('#search-l2').inputValue()).toBe('0, 0.1');
});
