import type { Worker } from 'playwright-core';
import { expect } from 'vitest';
import { hashOf, lastRuns, runsOf, test, type, untilGpuPicture, untilStep, whenAt, workerOf } from './demo-page.js';

declare global {
  var compiled: number;
}

/** Turns within half a second are one turn of a slider that is dragged. */
const DRAG = 600;

/** Counts from now on how often the worker has something compiled, as `compiled`. */
async function countCompilations(worker: Worker): Promise<() => Promise<number>> {
  await worker.evaluate(() => {
    globalThis.compiled = 0;
    for (const name of ['createComputePipeline', 'createComputePipelineAsync', 'createShaderModule']) {
      const make: (...args: unknown[]) => unknown = Reflect.get(GPUDevice.prototype, name);
      Reflect.set(GPUDevice.prototype, name, function (this: GPUDevice, ...args: unknown[]) {
        globalThis.compiled++;
        return make.apply(this, args);
      });
    }
  });
  return () => worker.evaluate(() => globalThis.compiled);
}

test('λ, p and learning rate turned while it trains compile nothing, and are marked; another activation compiles', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=overfit', frames: true });
  await untilStep(page, 20);
  await untilGpuPicture(page);
  const compilations = await countCompilations(await workerOf(page));
  const [{ step: before }] = await runsOf(page);

  const turns = [
    () => type(page, 'l2-exact', 0.02),
    () => page.locator('#dropout-all').press('ArrowRight'), // from none to some
    () => type(page, 'dropout-1-exact', 0.4),
    () => type(page, 'learning-rate-exact', 0.001),
    () => type(page, 'l2-exact', 0),
  ];
  for (const [i, turn] of turns.entries()) {
    await turn();
    await expect.poll(async () => (await lastRuns(page))?.[0].marks.length).toBe(i + 1);
    const [{ step }] = await runsOf(page);
    await page.waitForTimeout(DRAG); // from when the worker has heard of it
    await untilStep(page, step + 10);
  }
  expect(await compilations()).toBe(0);

  const [run] = (await lastRuns(page)) ?? [];
  expect(run.marks.map(({ text }) => text.replace(/ [\d.].*/, ''))).toEqual(['λ', 'p', 'p', 'learning rate', 'λ']);
  const steps = run.marks.map(({ step }) => step);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps[0]).toBeGreaterThanOrEqual(before);
  expect(await hashOf(page)).toContain('run=0_');

  // The same counter sees what must be compiled: another activation is another kernel.
  await page.locator('#play').click();
  await page.locator('#activation').selectOption('gelu');
  await whenAt(page, 0);
  expect(await compilations()).toBeGreaterThan(0);
});
