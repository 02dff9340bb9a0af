import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test, textOf, untilStep, whenAt, workerOf } from './demo-page.js';
import { traceTasks } from './longest-task.js';
import { scratchFolder } from './scratch-folder.js';

/** Longest task, in milliseconds, that a browser calls short. */
const LONGEST = 50;
/** Longest silence of the worker: no order waits longer. */
const LONGEST_OF_WORKER = 100;
const SECONDS = 5;
const scratch = await scratchFolder();

test('while four runs train, the page’s own thread is free, and hears at most ten messages a second', async ({
  open,
  site,
}) => {
  const page = await open({ hash: 'lesson=both&steps=0', frames: true });
  await page.locator('#speed').selectOption('Infinity');
  await untilStep(page, 10);
  const session = await site.browser.newBrowserCDPSession();
  const before = await page.evaluate(() => heard.length);
  const started = performance.now();
  const tasksOf = await traceTasks(session, async () => {
    await page.evaluate(() => performance.mark('of the page'));
    await page.waitForTimeout(1000 * SECONDS);
  });
  const seconds = (performance.now() - started) / 1000;
  const messages = (await page.evaluate(() => heard.length)) - before;

  const { count, cpu, wall } = tasksOf('of the page');
  console.log(
    `main thread: ${count} tasks, the longest ${cpu.toFixed(1)} ms of processor time, ${wall.toFixed(1)} ms by the clock; ${messages} messages in ${seconds.toFixed(1)} s`,
  );
  expect(count).toBeGreaterThan(10);
  expect(cpu).toBeGreaterThan(0);
  expect(cpu).toBeLessThan(LONGEST);
  expect(messages).toBeGreaterThan(SECONDS);
  expect(messages).toBeLessThanOrEqual(10 * seconds + 1);
});

/** A table with numbers, a category and a gap here and there. */
function manyRows(rows: number): string {
  const lines = ['id,width,height,kind,when,class'];
  for (let i = 0; i < rows; i++) {
    const width = ((i * 7919) % 10007) / 1000;
    const height = i % 97 === 0 ? '' : ((i * 104729) % 7919) / 100;
    lines.push(`${i},${width},${height},${'abc'[i % 3]},2024-01-${10 + (i % 20)},${width > 5 ? 'yes' : 'no'}`);
  }
  return lines.join('\n');
}

test('while 200,000 rows are read and prepared, page and worker answer', async ({ open, site }) => {
  const page = await open({ hash: 'lesson=overfit&steps=5', reducedMotion: true });
  await whenAt(page, 0);
  const worker = await workerOf(page);
  // A path, since Playwright would decode bytes in the page.
  const path = join(scratch, 'many.csv');
  writeFileSync(path, manyRows(200_000));
  const session = await site.browser.newBrowserCDPSession();
  const tasksOf = await traceTasks(session, async () => {
    await page.evaluate(() => performance.mark('of the page'));
    await worker.evaluate(() => performance.mark('of the worker'));
    await page.locator('#file').setInputFiles(path);
    await expect.poll(textOf(page, 'source'), { timeout: 120_000 }).toContain('many');
    await expect.poll(textOf(page, 'table-rows'), { timeout: 120_000 }).toContain('200,000 rows');
  });
  const [own, workers] = [tasksOf('of the page'), tasksOf('of the worker')];
  for (const [name, { count, cpu, wall }] of Object.entries({ page: own, worker: workers })) {
    console.log(
      `${name}: ${count} tasks, the longest ${cpu.toFixed(1)} ms of processor time, ${wall.toFixed(1)} ms by the clock`,
    );
  }
  expect(workers.count).toBeGreaterThan(20);
  expect(own.cpu).toBeLessThan(LONGEST);
  expect(workers.cpu).toBeLessThan(LONGEST_OF_WORKER);
});
