import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, download, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

test('the GPU is checked, passes, and the report can be taken away; a check can be stopped', {
  timeout: 180_000,
}, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=check' });
  await whenAt(page, 0);
  const doing = () => page.locator('#verify-doing').innerText();
  await page.locator('#verify').click();
  await expect.poll(doing, { timeout: 30_000 }).toMatch(/^\d+ %: /);
  await page.locator('#stop-verify').click();
  await expect.poll(doing, { timeout: 30_000 }).toBe('It was stopped.');
  expect(await page.locator('#report').isVisible()).toBe(false);

  await page.locator('#verify').click();
  const report = page.locator('#report');
  await expect.poll(() => report.isVisible(), { timeout: 150_000, interval: 500 }).toBe(true);
  expect(await page.locator('#verdict').getAttribute('data-good')).toBe('true');
  expect(await page.locator('#verify').isEnabled()).toBe(true);
  const text = await page.locator('#report-text').innerText();
  const { name, bytes } = await download(page, () => page.locator('#report-json-file').click());
  expect(name).toBe('wgrad-report.json');
  const json = JSON.parse(bytes.toString());
  expect(json.passed).toBe(true);
  const verdict = await page.locator('#verdict').innerText();
  expect(verdict).toBe(`This GPU computes what it should: ${json.verdict.replace('holds: ', '')}.`);
  expect(await page.locator('#say').innerText()).toBe(verdict);
  const plain = await download(page, () => page.locator('#report-text-file').click());
  expect(plain.bytes.toString().trim()).toBe(text.trim());
  expect(complaints).toEqual([]);
  await page.close();
});
