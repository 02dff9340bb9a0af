import { afterEach, expect, test, vi } from 'vitest';
import { atOnce, inTurns, Turns } from '../../src/promises/turns.js';

afterEach(() => vi.restoreAllMocks());

function* counted(steps: number) {
  for (let i = 0; i < steps; i++) yield;
  return steps;
}

/** Makes every look at the clock come so many milliseconds after the one before. */
function slowBy(milliseconds: number) {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += milliseconds;
    return now;
  });
}

/** Returns the messages that were heard by the time that `work` was done. */
async function heardDuring(work: () => Promise<unknown>): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let heard = 0;
  port1.onmessage = () => {
    heard++;
    port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  await work();
  port1.close();
  return heard;
}

test('long work lets messages through, and gives its result', async () => {
  slowBy(20);
  let result = 0;
  const heard = await heardDuring(async () => {
    result = await inTurns(counted(50));
  });
  expect(result).toBe(50);
  expect(heard).toBeGreaterThan(10);
});

test('short work goes on at once', async () => {
  slowBy(0);
  expect(await heardDuring(() => inTurns(counted(50)))).toBe(0);
  const turns = new Turns();
  expect(await heardDuring(() => turns.giveWay())).toBe(0);
  expect(atOnce(counted(7))).toBe(7);
});
