import { expect } from 'vitest';
import { download, runsOf, test, textOf, whenAt } from './demo-page.js';

test('a table that the page brings: its columns may be used otherwise, a row is predicted, the model is taken along', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=overfit&steps=5', reducedMotion: true });
  await whenAt(page, 0);
  await page.locator('#data').selectOption('penguins');
  await expect.poll(textOf(page, 'source')).toContain('Palmer penguins');
  const uses = page.locator('#columns tbody tr');
  await expect.poll(() => uses.count()).toBe(7);
  expect(await textOf(page, 'table-rows')()).toContain('344 rows');
  expect(await textOf(page, 'baseline')()).toMatch(/validation loss 1\.\d+ and accuracy 4\d\.\d/);
  expect(await uses.last().locator('select').first().inputValue()).toBe('target');
  const boxes = () => page.locator('#predict input').evaluateAll((all) => all.map((box) => box.getAttribute('name')));
  expect(await boxes()).toContain('island');
  await uses.first().locator('select').selectOption('drop');
  await expect.poll(boxes).not.toContain('island');

  await page.locator('#play').click();
  const [run] = await whenAt(page, 5);
  expect(run.validationAccuracy).toBeGreaterThan(0);
  await page.locator('#predict button').click();
  await expect.poll(textOf(page, 'prediction')).toMatch(/^A answers: (Adelie|Chinstrap|Gentoo) \(Adelie \d/);
  const csv = await download(page, () => page.getByText('Predictions of all rows').click());
  expect(csv.bytes.toString().split('\r\n')[0]).toMatch(/,species,prediction$/);

  // Another column to learn, a number: everything starts again.
  await page.locator('#columns tbody tr', { hasText: 'body mass' }).locator('select').selectOption('target');
  await expect.poll(textOf(page, 'baseline')).toContain('by always answering the mean');
  expect(await textOf(page, 'baseline')()).toContain('in standard deviations of the column');
  await whenAt(page, 0);
  expect((await runsOf(page))[0].validationAccuracy).toBeNaN();
});
