import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoPages, runsOf, type, untilStep, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

const STEPS = 30;
const SHORT = `lesson=dropout&steps=${STEPS}`;

/** Opens an address, lets it train to where it pauses, and says what came out. */
async function finish(hash: string) {
  const { page, complaints } = await pages.open({ hash });
  await page.locator('#speed').selectOption('Infinity');
  const runs = await whenAt(page, STEPS);
  expect(complaints).toEqual([]);
  await page.close();
  return runs;
}

test('the same address gives the same weights, another seed others, and a pause changes nothing', {
  timeout: 120_000,
}, async () => {
  const paused = async () => {
    const { page, complaints } = await pages.open({ hash: SHORT });
    await untilStep(page, 4);
    await page.locator('#play').click();
    await expect.poll(async () => (await runsOf(page)).every(({ hash }) => hash !== '…')).toBe(true);
    const [{ step }] = await runsOf(page);
    expect(step).toBeLessThan(STEPS);
    await page.locator('#step').click();
    await whenAt(page, step + 1);
    await page.locator('#play').click();
    const runs = await whenAt(page, STEPS);
    expect(complaints).toEqual([]);
    await page.close();
    return runs;
  };
  const [first, second, halting] = await Promise.all([finish(SHORT), finish(SHORT), paused()]);
  const hashes = (runs: typeof first) => runs.map(({ hash }) => hash);
  expect(second).toEqual(first);
  expect(hashes(halting)).toEqual(hashes(first));
  expect(first[0].hash).not.toBe(first[1].hash);
  const other = await finish(`${SHORT}&seed=2`);
  for (const hash of hashes(other)) expect(hashes(first)).not.toContain(hash);
});

test('the address that the page writes leads to the same settings, and to the same weights', {
  timeout: 120_000,
}, async () => {
  const { page, complaints } = await pages.open({ hash: `lesson=overfit&steps=${STEPS}`, reducedMotion: true });
  await type(page, 'l2-exact', 0.0123);
  await page.locator('#add-run').click();
  await type(page, 'dropout-0-exact', 0.3);
  await type(page, 'learning-rate-exact', 0.002);
  await type(page, 'examples-exact', 90);
  await type(page, 'noise-exact', 0.2);
  await type(page, 'batch', 30);
  await type(page, 'seed', 7);
  await page.locator('#activation').selectOption('tanh');
  await page.locator('#optimizer').selectOption('momentum');
  await page.locator('#layers input').nth(1).fill('10');
  await page.locator('#layers input').nth(1).blur();
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('hidden=64,10');
  await page.waitForTimeout(400); // the address is written at most every 300 ms
  const address = (await page.evaluate(() => location.hash)).slice(1);
  const settings = () =>
    [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('#settings :is(input, select)')]
      .filter(({ type }) => type !== 'file')
      .map(({ id, value }) => [id, value]);
  const before = await page.evaluate(settings);
  await page.locator('#speed').selectOption('Infinity');
  await page.locator('#play').click();
  const runs = await whenAt(page, STEPS);
  expect(complaints).toEqual([]);
  await page.close();

  const again = await pages.open({ hash: address });
  await again.page.locator('#speed').selectOption('Infinity');
  expect(await whenAt(again.page, STEPS)).toEqual(runs);
  expect(await again.page.evaluate(settings)).toEqual(before);
  expect(again.complaints).toEqual([]);
  await again.page.close();
});
