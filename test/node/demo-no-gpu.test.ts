import { expect } from 'vitest';
import { LESSON_NAMES } from '../../demo/contract/lessons.js';
import { coloursOf, runsOf, test, textOf, type, whenAt } from './demo-page.js';

/** Within what the CPU reference has room for, so that both train the same network on the same data. */
const SMALL = 'lesson=overfit&hidden=16,16&batch=30&steps=20';

/** Losses are shown with three decimals; 20 steps in float32 and in double precision differ by less than half of the last. */
const TOLERANCE = 0.0015;

test('without WebGPU the page trains on the CPU, says why and what to do, and comes to the same losses', async ({
  open,
}) => {
  const gpu = await open({ hash: SMALL });
  const [onGpu] = await whenAt(gpu, 20);
  expect(await gpu.locator('body').getAttribute('data-backend')).toBe('webgpu');
  await gpu.close();

  const page = await open({ hash: SMALL, webgpu: false });
  const [onCpu] = await whenAt(page, 20);
  expect(await page.locator('body').getAttribute('data-backend')).toBe('reference');
  const notice = await textOf(page, 'notice')();
  expect(notice).toContain('This browser has no WebGPU: update it, or use Chrome');
  expect(notice).toContain('trains on the CPU');
  for (const measure of ['trainLoss', 'validationLoss'] as const)
    expect(Math.abs(onCpu[measure] - onGpu[measure]), measure).toBeLessThan(TOLERANCE);

  await type(page, 'l2-exact', 0.5);
  await expect.poll(async () => (await runsOf(page))[0].knobs).toContain('0.5'); // drawn with the next frame
  await page.locator('#step').click();
  const [turned] = await whenAt(page, 21);
  expect(turned.hash).not.toBe(onCpu.hash);
  const [colours] = await coloursOf(page, '#answers canvas');
  expect(colours).toBeGreaterThan(20);
});

test('without WebGPU a lesson comes in a size that the CPU can train', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=10', webgpu: false });
  const runs = await whenAt(page, 10);
  expect(runs).toHaveLength(2);
  expect(await page.locator('#layers input').first().inputValue()).toBe('32');
  expect(await page.locator('#batch').inputValue()).toBe('32');
  expect(runs[1].hash).not.toBe(runs[0].hash);
});

test('without WebGPU every lesson fits a small laptop, with the banner that says so', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=1', lab: false, webgpu: false });
  const beyond = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  await expect.poll(textOf(page, 'notice')).toContain('no WebGPU');
  for (const lesson of LESSON_NAMES) {
    await page.evaluate((hash) => (location.hash = hash), `lesson=${lesson}&steps=1`);
    await expect.poll(() => page.locator('body').getAttribute('data-lesson')).toBe(lesson);
    if (lesson === 'dropout') await expect.poll(() => page.locator('#network-figure').isVisible()).toBe(true);
    for (const [width, height] of [
      [1280, 720],
      [1024, 768],
    ]) {
      await page.setViewportSize({ width, height });
      expect(await page.locator('#notice').isVisible()).toBe(true);
      await expect.poll(beyond, { message: `${lesson} at ${width} x ${height}` }).toBe(0);
    }
  }
});
