import { expect } from 'vitest';
import { hashOf, type Open, runsOf, test, type, untilStep, whenAt, whenStill } from './demo-page.js';

const STEPS = 30;
const SHORT = `lesson=dropout&steps=${STEPS}`;

/** Opens an address, lets it train to where it pauses, and says what came out. */
async function finish(open: Open, hash: string) {
  const page = await open({ hash });
  await page.locator('#speed').selectOption('Infinity');
  const runs = await whenAt(page, STEPS);
  await page.close();
  return runs;
}

test('the same address gives the same weights, another seed others, and a pause changes nothing', async ({ open }) => {
  const paused = async () => {
    const page = await open({ hash: SHORT });
    await untilStep(page, 4);
    await page.locator('#play').click();
    await whenStill(page);
    const [{ step }] = await runsOf(page);
    expect(step).toBeLessThan(STEPS);
    await page.locator('#step').click();
    await whenAt(page, step + 1);
    await page.locator('#play').click();
    const runs = await whenAt(page, STEPS);
    await page.close();
    return runs;
  };
  const [first, second, halting] = await Promise.all([finish(open, SHORT), finish(open, SHORT), paused()]);
  const hashes = (runs: typeof first) => runs.map(({ hash }) => hash);
  expect(second).toEqual(first);
  expect(hashes(halting)).toEqual(hashes(first));
  expect(first[0].hash).not.toBe(first[1].hash);
  const other = await finish(open, `${SHORT}&seed=2`);
  for (const hash of hashes(other)) expect(hashes(first)).not.toContain(hash);
});

test('the address that the page writes leads to the same settings, and to the same weights', async ({ open }) => {
  const page = await open({ hash: `lesson=overfit&steps=${STEPS}`, reducedMotion: true });
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
  await expect.poll(() => hashOf(page)).toContain('hidden=64,10');
  await page.waitForTimeout(400); // the address is written at most every 300 ms
  const address = (await hashOf(page)).slice(1);
  const settings = () =>
    [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('#settings :is(input, select)')]
      .filter(({ type }) => type !== 'file')
      .map(({ id, value }) => [id, value]);
  const before = await page.evaluate(settings);
  await page.locator('#speed').selectOption('Infinity');
  await page.locator('#play').click();
  const runs = await whenAt(page, STEPS);
  await page.close();

  const again = await open({ hash: address });
  await again.locator('#speed').selectOption('Infinity');
  expect(await whenAt(again, STEPS)).toEqual(runs);
  expect(await again.evaluate(settings)).toEqual(before);
});
