import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { download, give, hashOf, runsOf, test, textOf, untilStep, whenAt, whenStill } from './demo-page.js';

test('images that do not load are said to be missing, and page and runs are of what there is', async ({
  open,
  site,
}) => {
  const page = await open({ caused: /Failed to load resource/ });
  await page.route(/mnist.*\.gz/, (route) => route.abort());
  await page.goto('about:blank');
  await page.goto(`${site.url}#data=mnist&examples=200&hidden=32&run=0_0_0.001&steps=5`);
  await whenAt(page, 5);
  expect(await page.locator('#data').inputValue()).toBe('moons');
  expect(await page.locator('#problem').isVisible()).toBe(true);
  await expect.poll(() => hashOf(page)).not.toContain('mnist');
});

test('a step while runs play takes all of them to the same step', async ({ open }) => {
  const page = await open({ hash: 'lesson=both&steps=0' });
  await untilStep(page, 10);
  await page.locator('#step').click();
  await whenStill(page);
  expect(new Set((await runsOf(page)).map(({ step }) => step)).size).toBe(1);
});

test('a network that was opened outlives a device that is lost before anything was saved', async ({ open }) => {
  const first = await open({ hash: 'lesson=overfit&steps=40' });
  await whenAt(first, 40);
  const [{ hash }] = await runsOf(first);
  await first.locator('#menu summary').click();
  const model = await download(first, () => first.locator('[data-export="model"]').click());
  await first.close();

  const page = await open({ hash: 'lesson=overfit&steps=60', reducedMotion: true });
  await whenAt(page, 0);
  await give(page, model);
  await whenAt(page, 40);
  expect((await runsOf(page))[0].hash).toBe(hash);
  await page.locator('#play').click();
  await untilStep(page, 44);
  await page.locator('#menu summary').click();
  await page.locator('#lose-device').click();
  await expect.poll(textOf(page, 'notice')).toContain('goes on from the last save, at step 40');
  await page.locator('#reset').click();
  await expect.poll(() => page.locator('#notice').isVisible()).toBe(false);
});

test('other data under an open tab: nothing of the data before is drawn', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=8' });
  await whenAt(page, 8);
  await page.locator('#tab-mistakes').click();
  await expect.poll(textOf(page, 'mistakes-title')).toContain('of 500');
  const rows = Array.from({ length: 60 }, (_, i) => `${i / 10},${(i * 7) % 11},${(0.1 + i * 0.37).toFixed(3)}`);
  await give(page, { name: 'numbers.csv', bytes: ['a,b,target', ...rows].join('\n') });
  await expect.poll(textOf(page, 'mistakes-title')).toContain('Root mean square');
  await give(page, { name: 'bomb.csv.gz', bytes: gzipSync(Buffer.alloc(2 ** 26 + 1)) });
  await expect.poll(textOf(page, 'problem')).toBe('bomb.csv.gz: unpacked it is larger than 64 MiB');
});

test('a page that is opened hidden trains when it is seen', async ({ open }) => {
  const page = await open({ reducedMotion: true });
  await page.addInitScript(() => {
    let hidden = true;
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    Object.assign(globalThis, {
      show() {
        hidden = false;
        document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.reload();
  await whenAt(page, 0);
  await page.waitForTimeout(1000);
  expect((await runsOf(page))[0].step).toBe(0);
  await page.evaluate('show()');
  await untilStep(page, 5);
});

test('a banner can be closed, and another lesson does not bring it back', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&noise=2', lab: false, reducedMotion: true });
  await expect.poll(() => page.locator('#notice').isVisible()).toBe(true);
  await page.locator('.banner:has(#notice) button').click();
  expect(await page.locator('#notice').isVisible()).toBe(false);
  await page.locator('#lessons a[data-lesson="l2"]').click();
  await whenAt(page, 0);
  expect(await page.locator('#notice').isVisible()).toBe(false);
});

test('a network that diverges is told in plain words, in its own cell, and its plane is not black', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=overfit&optimizer=sgd&run=0_0_10&steps=200' });
  const hash = page.locator('#runs tbody .hash');
  await expect.poll(() => hash.innerText()).toBe('diverged');
  await expect.poll(textOf(page, 'story-now')).toBe('A diverged: its steps are too long.');
  const [cell, close] = await Promise.all([hash.boundingBox(), page.locator('#runs tbody button').boundingBox()]);
  expect(close?.x).toBeGreaterThanOrEqual((cell?.x ?? Infinity) + (cell?.width ?? 0) - 1);
  const black = await page.locator('#answers canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return (
      new Uint32Array(Uint8Array.from(data).buffer).filter((pixel) => pixel === 0xff000000).length / (data.length / 4)
    );
  });
  expect(black).toBeLessThan(0.1);
});
