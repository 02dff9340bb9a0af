import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { coloursOf, hashOf, runsOf, test, textOf, untilStep } from './demo-page.js';

/** Returns the edits in the address. */
const editsOf = async (page: Page) =>
  new URLSearchParams((await hashOf(page)).slice(1)).get('points')?.split(',') ?? [];

/** Returns a function that gives the pixel of a share of the first figure. */
async function figureOf(page: Page) {
  await expect.poll(async () => (await coloursOf(page, '#answers canvas'))[0] ?? 0).toBeGreaterThan(2);
  await expect.poll(() => page.locator('#new-points').isVisible()).toBe(true);
  const box = (await page.locator('#answers canvas').first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  return (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
}

test('by pointer: a press adds a point, a drag moves it, the right button removes it, and training goes on', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=l2&steps=0', lab: false });
  const at = await figureOf(page);
  await untilStep(page, 5);
  await page.mouse.click(...at(0.1, 0.9));
  await expect.poll(() => editsOf(page)).toHaveLength(1);
  await expect.poll(textOf(page, 'source')).toContain('151 training');
  await page.keyboard.down('Shift');
  await page.mouse.click(...at(0.9, 0.1));
  await page.keyboard.up('Shift');
  await expect.poll(async () => (await editsOf(page)).map((edit) => edit.slice(-2))).toEqual(['_0', '_1']);
  await expect.poll(textOf(page, 'source')).toContain('152 training');
  const [first] = await editsOf(page);
  const { step } = (await runsOf(page))[0];
  await page.mouse.move(...at(0.1, 0.9));
  await page.mouse.down();
  for (const x of [0.15, 0.2, 0.25, 0.3]) await page.mouse.move(...at(x, 0.8));
  await page.mouse.up();
  await expect.poll(async () => (await editsOf(page))[0]).not.toBe(first);
  await page.mouse.move(0, 0); // over the figure, the answer under the pointer stands there
  await expect.poll(textOf(page, 'answer-hint')).toBe('Points: 2 new.');
  await untilStep(page, step + 1); // it did not start again
  await expect.poll(() => page.locator('#say').textContent()).toContain('Moved it to');
  await page.mouse.click(...at(0.3, 0.8), { button: 'right' });
  await expect.poll(() => editsOf(page)).toHaveLength(1);
  const link = await page.evaluate(() => location.hash.slice(1));
  await page.locator('#put-back').click();
  await expect.poll(() => editsOf(page)).toEqual([]);
  await expect.poll(textOf(page, 'source')).toContain('150 training');
  await page.close();
  const other = await open({ hash: link, lab: false });
  await expect.poll(textOf(other, 'source')).toContain('151 training');
});

test('by keyboard: a cross adds, takes, moves and removes points', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&data=sine&examples=40&noise=0.3', reducedMotion: true });
  await figureOf(page);
  await page.locator('#answers canvas').focus();
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('ArrowUp', 'ArrowUp', 'Enter');
  await expect.poll(textOf(page, 'source')).toContain('41 training');
  const [added] = await editsOf(page);
  await press('Enter', 'ArrowLeft', 'Enter');
  await expect.poll(async () => (await editsOf(page))[0]).not.toBe(added);
  await expect.poll(textOf(page, 'source')).toContain('41 training');
  await press('PageUp', 'Delete'); // the point before it
  await expect.poll(async () => (await editsOf(page)).at(-1)).toBe('@39');
  await expect.poll(textOf(page, 'answer-hint')).toBe('Points: 1 new, 1 removed.');
  await page.locator('#data').selectOption('xor');
  await expect.poll(() => editsOf(page)).toEqual([]);
  await expect.poll(() => page.locator('#put-back').isVisible()).toBe(false);
});
