import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, runsOf, type, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

/** Within what the CPU reference has room for, so that both train the same network on the same data. */
const SMALL = 'lesson=overfit&hidden=16,16&batch=30&steps=20';

/** Losses are shown with three decimals; 20 steps in float32 and in double precision differ by less than half of the last. */
const TOLERANCE = 0.0015;

test('without WebGPU the page trains on the CPU, says why and what to do, and comes to the same losses', {
  timeout: 180_000,
}, async () => {
  const gpu = await pages.open({ hash: SMALL });
  const [onGpu] = await whenAt(gpu.page, 20);
  expect(await gpu.page.locator('body').getAttribute('data-backend')).toBe('webgpu');
  await gpu.page.close();

  const { page, complaints } = await pages.open({ hash: SMALL, webgpu: false });
  const [onCpu] = await whenAt(page, 20);
  expect(await page.locator('body').getAttribute('data-backend')).toBe('reference');
  const notice = await page.locator('#notice').innerText();
  expect(notice).toContain('This browser has no WebGPU: update it, or use Chrome');
  expect(notice).toContain('trains on the CPU');
  for (const measure of ['trainLoss', 'validationLoss'] as const)
    expect(Math.abs(onCpu[measure] - onGpu[measure]), measure).toBeLessThan(TOLERANCE);

  await type(page, 'l2-exact', 0.5);
  await expect.poll(async () => (await runsOf(page))[0].knobs).toContain('0.5'); // drawn with the next frame
  await page.locator('#step').click();
  const [turned] = await whenAt(page, 21);
  expect(turned.hash).not.toBe(onCpu.hash);
  const colours = await page.locator('#answers canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return new Set(new Uint32Array(Uint8Array.from(data).buffer)).size;
  });
  expect(colours).toBeGreaterThan(20);
  expect(complaints).toEqual([]);
  await page.close();
});

test('without WebGPU a lesson comes in a size that the CPU can train', { timeout: 120_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=l2&steps=10', webgpu: false });
  const runs = await whenAt(page, 10);
  expect(runs).toHaveLength(2);
  expect(await page.locator('#layers input').first().inputValue()).toBe('32');
  expect(await page.locator('#batch').inputValue()).toBe('32');
  expect(runs[1].hash).not.toBe(runs[0].hash);
  expect(complaints).toEqual([]);
  await page.close();
});
