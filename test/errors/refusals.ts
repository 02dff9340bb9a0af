import { expect, test } from 'vitest';
import { complaint } from '../train/complaint.js';
import type { CountingDevice } from '../train/counting-device.js';

type Call = () => unknown;

/** Calls, each under what it must throw, to the letter: `RangeError: ...`, or `EngineError of kind data: ...`. */
export type Refusals = Readonly<Record<string, Call | readonly Call[]>>;

/** Makes a call and returns what it throws, as `complaint` does. */
type Say = (call: Call) => Promise<string>;

/** Tests that each call throws the message that it stands under, all of which begin with `prefix`. */
export function testRefusals(refusals: Refusals, { prefix = '', say = complaint as Say } = {}): void {
  const calls = Object.entries(refusals).flatMap(([message, each]) => [each].flat().map((call) => [message, call]));
  test.each(calls as [string, Call][])('refused: %s', async (message, call) => {
    expect(await say(call)).toBe(prefix + message);
  });
}

/** Returns what a call throws, and checks that until then nothing was asked of the device. */
export const untouched =
  (counting: CountingDevice): Say =>
  async (call) => {
    let said = '';
    const counts = await counting.during(async () => {
      said = await complaint(call);
    });
    expect(counts).toMatchObject({ buffers: 0, pipelines: 0, submits: 0 });
    return said;
  };
