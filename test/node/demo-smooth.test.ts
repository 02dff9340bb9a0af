import type { CDPSession } from 'playwright-core';
import { expect } from 'vitest';
import { test, untilStep } from './demo-page.js';

/** Longest task, in milliseconds, that a browser calls short. */
const LONGEST = 50;
const SECONDS = 5;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Returns the work of the browser's processes while `during` runs. */
async function trace(session: CDPSession, during: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown[] as TraceEvent[])));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  const includedCategories = ['toplevel', 'blink.user_timing', '__metadata'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { recordMode: 'recordUntilFull', includedCategories },
  });
  await during();
  await session.send('Tracing.end');
  await complete;
  return events;
}

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
  const events = await trace(session, async () => {
    await page.evaluate(() => performance.mark('of the page'));
    await page.waitForTimeout(1000 * SECONDS);
  });
  const seconds = (performance.now() - started) / 1000;
  const messages = (await page.evaluate(() => heard.length)) - before;

  const mark = events.find(({ name }) => name === 'of the page');
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && pid === mark?.pid && tid === mark?.tid && /RunTask$/.test(name),
  );
  const longest = (of: (event: TraceEvent) => number | undefined) =>
    tasks.reduce((most, task) => Math.max(most, (of(task) ?? 0) / 1000), 0);
  const cpu = longest(({ tdur }) => tdur);
  const wall = longest(({ dur }) => dur);
  console.log(
    `main thread: ${tasks.length} tasks, the longest ${cpu.toFixed(1)} ms of processor time, ${wall.toFixed(1)} ms by the clock; ${messages} messages in ${seconds.toFixed(1)} s`,
  );
  expect(tasks.length).toBeGreaterThan(10);
  expect(cpu).toBeGreaterThan(0);
  // Wall time depends on what else the machine does.
  expect(cpu).toBeLessThan(LONGEST);
  expect(messages).toBeGreaterThan(SECONDS);
  expect(messages).toBeLessThanOrEqual(10 * seconds + 1);
});
