import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, type, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

const STILL = 'lesson=overfit&hidden=16,16&batch=30';

/** Chooses an activation as the person's hand does who does not leave the box that is typed in: the focus stays. */
function choose(name: string): void {
  const select = document.querySelector<HTMLSelectElement>('#activation');
  if (!select) throw new Error('there is no choice of activations');
  select.value = name;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

test('what is half typed stays when the page is told something', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: STILL, reducedMotion: true });
  await whenAt(page, 0);
  const typing = [
    ['#layers input:nth-child(2)', '10'],
    ['#batch', '11'],
    ['#l2-exact', '0.12'],
    ['#examples-exact', '90'],
  ];
  const hash = () => page.evaluate(() => location.hash);
  for (const [i, [box, text]] of typing.entries()) {
    await page.locator(box).fill(text);
    await page.evaluate(choose, ['tanh', 'relu'][i % 2]);
    expect(await page.locator(box).inputValue(), box).toBe(text);
    await page.locator(box).blur();
  }
  for (const setting of ['hidden=16,10', 'batch=11', 'run=0.12_', 'examples=90'])
    await expect.poll(hash).toContain(setting);
  expect(complaints).toEqual([]);
  await page.close();
});

/** What the worker says comes so much later, in milliseconds. */
const LATE = 400;

/** Makes a page's worker slow to be heard. */
function hearLate(late: number): void {
  const listen = Worker.prototype.addEventListener;
  Worker.prototype.addEventListener = function (this: Worker, name: string, listener: (event: Event) => void) {
    listen.call(this, name, (event: Event) => setTimeout(() => listener(event), late));
  };
}

test('a setting that does not fit is corrected, and what was set meanwhile stays', { timeout: 120_000 }, async () => {
  const { page, complaints } = await pages.open({ webgpu: false, reducedMotion: true });
  await page.addInitScript(hearLate, LATE);
  await page.goto(`${pages.url}?late#${STILL}`);
  await whenAt(page, 0);
  await type(page, 'batch', 200); // the CPU has room for 32
  await page.waitForTimeout(LATE / 2);
  await page.evaluate(choose, 'tanh');
  await expect.poll(() => page.locator('#batch').inputValue()).toBe('32');
  expect(await page.locator('#activation').inputValue()).toBe('tanh');
  await page.waitForTimeout(2 * LATE);
  expect(await page.locator('#activation').inputValue()).toBe('tanh');
  expect(complaints).toEqual([]);
  await page.close();
});
