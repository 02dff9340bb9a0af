import { expect } from 'vitest';
import { coloursOf, runsOf, test, textOf, whenAt } from './demo-page.js';

test('of a table with many features the figure is a confusion matrix, or answers against targets', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=5', reducedMotion: true });
  await whenAt(page, 0);
  await page.locator('#data').selectOption('penguins');
  await expect.poll(textOf(page, 'source')).toContain('Palmer penguins');
  await page.locator('#tab-answer').click();
  await page.locator('#play').click();
  const [run] = await whenAt(page, 5);
  const rows = page.locator('#answers .confusion tbody tr');
  await expect.poll(() => rows.count()).toBe(3);
  await expect.poll(textOf(page, 'answer-hint')).toMatch(/^The answers to \d+ validation rows\./);
  const [, examples] = /(\d+) validation/.exec(await textOf(page, 'answer-hint')()) ?? [];
  const counts = async () =>
    (await rows.allInnerTexts()).map((row) => {
      const [name, ...cells] = row.split(/\s+/).filter((cell) => cell !== '%');
      return { name, counts: cells.slice(0, 3).map((cell) => (cell === '·' ? 0 : Number(cell))) };
    });
  const right = async () => (await counts()).reduce((sum, { counts }, i) => sum + counts[i], 0) / Number(examples);
  await expect.poll(async () => Math.abs((await right()) - run.validationAccuracy / 100)).toBeLessThan(0.001);
  const all = await counts();
  expect(all.map(({ name }) => name)).toEqual(['Adelie', 'Gentoo', 'Chinstrap']);
  expect(all.flatMap(({ counts }) => counts).reduce((sum, each) => sum + each)).toBe(Number(examples));
  await page.locator('#add-run').click();
  await expect.poll(() => rows.count()).toBe(6);
  const cut = () =>
    page.locator('#answers .scroll').evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
  expect(await cut()).toEqual([0, 0]);
  await page.locator('#runs tbody tr').last().locator('button').click();

  await page.locator('#data').selectOption('cars');
  await expect.poll(textOf(page, 'source')).toContain('ars');
  await expect.poll(textOf(page, 'answer-hint')).toContain('A right answer lies on the line.');
  await expect.poll(async () => (await coloursOf(page, '#answers canvas'))[0]).toBeGreaterThan(2);
  expect(await page.locator('#answers .right').innerText()).toMatch(/^root mean square error \d/);
  expect(await runsOf(page)).toHaveLength(1);
});

test('the pointer reads the class at a place of the plane, and how sure the network is', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=40', lab: false });
  await whenAt(page, 40);
  const hint = textOf(page, 'answer-hint');
  const before = await hint();
  const place = await page.locator('#answers canvas').nth(1).boundingBox();
  if (!place) throw new Error('no plane');
  const at = async (across: number, down: number) => {
    await page.mouse.move(place.x + across * place.width, place.y + down * place.height);
    await expect.poll(hint).toMatch(/^At \(−?[\d.]+, −?[\d.]+\) B answers [01], [\d.]+\s% sure\.$/);
    return /B answers ([01])/.exec(await hint())?.[1];
  };
  expect(await at(0.3, 0.05)).toBe('0');
  expect(await at(0.7, 0.95)).toBe('1');
  await page.mouse.move(2, 2);
  await expect.poll(hint).toBe(before);
});
