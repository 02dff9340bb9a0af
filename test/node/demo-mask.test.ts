import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { dropoutMask } from '../../src/nn/dropout.js';
import { test, textOf, whenAt } from './demo-page.js';

/** The settings of lesson=dropout. */
const [SEED, ROWS, COLS, RATE] = [1, 50, 64, 0.5];

/**
 * The mask that is drawn: 1 where a cell's centre has the colour of what is kept, 0 where that of what is dropped, else
 * 2.
 */
function maskOf(page: Page): Promise<number[]> {
  return page.locator('#mask-canvas').evaluate(
    (canvas, { rows, cols }) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas');
      const { width, height } = canvas;
      const drawn = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      const colours = ['dropped', 'kept'].map((name) => {
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        if (!context) throw new Error('no context');
        context.fillStyle = `rgb(${getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)})`;
        context.fillRect(0, 0, 1, 1);
        return context.getImageData(0, 0, 1, 1).data;
      });
      const isLike = (at: number, colour: Uint8ClampedArray) =>
        [0, 1, 2].every((i) => Math.abs(drawn[at + i] - colour[i]) <= 1);
      return Array.from({ length: rows * cols }, (_, i) => {
        const [row, col] = [Math.floor(i / cols), i % cols];
        const [x, y] = [Math.floor(((col + 0.5) * width) / cols), Math.floor(((row + 0.5) * height) / rows)];
        const found = colours.findIndex((colour) => isLike(4 * (y * width + x), colour));
        return found < 0 ? 2 : found;
      });
    },
    { rows: ROWS, cols: COLS },
  );
}

test.for([false, true])('the mask that is drawn is the contract’s, bit for bit (dark: %s)', async (dark, { open }) => {
  const page = await open({ hash: 'lesson=dropout&steps=12', dark });
  const seen = new Set<string>();
  const compare = async (step: number, layer: number) => {
    await page.locator('#mask-layer').selectOption(String(layer));
    const title = `step ${step + 1}, hidden layer ${layer + 1}: ${ROWS} × ${COLS}`;
    await expect.poll(textOf(page, 'mask-title')).toContain(title);
    expect(await textOf(page, 'mask-differing')()).toMatch(/^0 of 3,200 /);
    expect(await page.locator('#mask-differing').getAttribute('data-good')).toBe('true');
    const drawn = await maskOf(page);
    const expected = dropoutMask({ seed: SEED, step, layer, rows: ROWS, cols: COLS, rate: RATE });
    expect(drawn.join('')).toBe(expected.join(''));
    const kept = drawn.filter(Boolean).length;
    expect(await textOf(page, 'mask-kept')()).toContain(`${kept.toLocaleString('en')} of 3,200 kept`);
    seen.add(drawn.join(''));
  };
  await whenAt(page, 12);
  for (const layer of [0, 1]) await compare(11, layer);
  await page.locator('#step').click();
  await whenAt(page, 13);
  for (const layer of [1, 0]) await compare(12, layer);
  expect(seen.size).toBe(4);
});
