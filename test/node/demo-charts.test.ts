import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { runsOf, test, textOf, whenAt } from './demo-page.js';

const CHARTS = ['loss', 'accuracy', 'parts'] as const;

/** Returns the numbers of drawn pixels of a chart: of its lines, and of the cursor over them. */
const inkOf = (page: Page, chart: (typeof CHARTS)[number]) =>
  page.locator(`#${chart}-chart canvas`).evaluateAll((canvases) =>
    canvases.map((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Uint32Array(Uint8Array.from(data).buffer).reduce((count, pixel) => count + (pixel === 0 ? 0 : 1), 0);
    }),
  );

async function pointAt(page: Page, share: number): Promise<void> {
  const box = await page.locator('#loss-chart').boundingBox();
  if (!box) throw new Error('the chart is not shown');
  await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
}

test.for([1440, 360])(
  'the losses under the pointer are told, and shown in every chart, %i pixels wide',
  async (width, { open }) => {
    const page = await open({ hash: 'lesson=both&steps=20', width });
    await whenAt(page, 20);
    const runs = await runsOf(page);
    const readout = textOf(page, 'readout');
    await page.locator('#loss-figure').scrollIntoViewIfNeeded();
    await expect.poll(readout).toBe('');
    for (const chart of CHARTS) {
      const [lines, cursor] = await inkOf(page, chart);
      expect(lines).toBeGreaterThan(200);
      expect(cursor).toBe(0);
    }

    await pointAt(page, 0.99); // beyond the last step
    const told = (loss: number) => loss.toFixed(3);
    const text = runs.map((run, i) => `${'ABCD'[i]} ${told(run.trainLoss)} / ${told(run.validationLoss)}`).join('   ');
    await expect.poll(readout).toBe(`step 20: ${text}`);
    for (const chart of CHARTS) await expect.poll(async () => (await inkOf(page, chart))[1]).toBeGreaterThan(50);
    const [place, figure] = await Promise.all(['#readout', '#loss-figure'].map((id) => page.locator(id).boundingBox()));
    expect(place?.x).toBeGreaterThanOrEqual(figure?.x ?? Infinity);

    await pointAt(page, 0.01);
    await expect.poll(readout).toMatch(/^step 0: A 0\.\d{3} \/ 0\.\d{3} /);
    await page.mouse.move(5, 5);
    await expect.poll(readout).toBe('');
    for (const chart of CHARTS) await expect.poll(async () => (await inkOf(page, chart))[1]).toBe(0);

    const [even] = await inkOf(page, 'loss');
    await page.locator('#log').check();
    await expect.poll(async () => (await inkOf(page, 'loss'))[0]).not.toBe(even);
  },
);

/** Counts the texts of canvases, and keeps those that reach beyond their canvas. */
declare global {
  var texts: { drawn: number; cut: string[] };
}

test('no text of an axis is cut at the edge of its chart', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=100000', reducedMotion: true });
  await page.evaluate(() => {
    globalThis.texts = { drawn: 0, cut: [] };
    const { prototype } = CanvasRenderingContext2D;
    const { fillText } = prototype;
    prototype.fillText = function (text, x, y) {
      const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = this.measureText(text);
      const beyond = Math.max(left - x, x + right - this.canvas.width / devicePixelRatio);
      if (beyond > 0) texts.cut.push(`${text}: ${beyond}`);
      texts.drawn++;
      fillText.call(this, text, x, y);
    };
  });
  const session = await page.context().newCDPSession(page);
  for (const steps of [100_000, 1_000_000]) {
    await page.evaluate((steps) => (location.hash = `lesson=l2&steps=${steps}&lab`), steps);
    for (const deviceScaleFactor of [1, 2]) {
      for (const width of [360, 1366, 1920]) {
        await page.evaluate(() => Object.assign(texts, { drawn: 0, cut: [] }));
        await session.send('Emulation.setDeviceMetricsOverride', {
          width,
          height: 800,
          deviceScaleFactor,
          mobile: false,
        });
        await expect.poll(() => page.evaluate(() => texts.drawn)).toBeGreaterThan(20);
        expect(await page.evaluate(() => texts.cut), `${steps} steps, ${width} x ${deviceScaleFactor}`).toEqual([]);
      }
    }
  }
});
