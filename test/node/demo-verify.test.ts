import { expect } from 'vitest';
import { download, test, textOf, whenAt } from './demo-page.js';

test('the GPU is checked, passes, and the report can be taken away; a check can be stopped', async ({ open }) => {
  const page = await open({ hash: 'lesson=check' });
  await whenAt(page, 0);
  const doing = textOf(page, 'verify-doing');
  await page.locator('#verify').click();
  await expect.poll(doing).toMatch(/^\d+ %: /);
  await page.locator('#stop-verify').click();
  await expect.poll(doing).toBe('It was stopped.');
  expect(await page.locator('#report').isVisible()).toBe(false);

  await page.locator('#verify').click();
  const report = page.locator('#report');
  await expect.poll(() => report.isVisible(), { timeout: 600_000, interval: 500 }).toBe(true);
  expect(await page.locator('#verdict').getAttribute('data-good')).toBe('true');
  expect(await page.locator('#verify').isEnabled()).toBe(true);
  await page.locator('#report-whole summary').click();
  const text = await textOf(page, 'report-text')();
  const { name, bytes } = await download(page, () => page.locator('#report-json-file').click());
  expect(name).toBe('wgrad-report.json');
  const json = JSON.parse(bytes.toString());
  expect(json.passed).toBe(true);
  const verdict = await textOf(page, 'verdict')();
  expect(verdict).toBe('This GPU computes what it should.');
  expect(await textOf(page, 'verdict-facts')()).toBe(`${json.verdict.replace('holds: ', '')}.`);
  expect(await textOf(page, 'say')()).toBe(verdict);
  const plain = await download(page, () => page.locator('#report-text-file').click());
  expect(plain.bytes.toString().trim()).toBe(text.trim());
});
