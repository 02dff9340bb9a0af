import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Frame, RunFacts } from '../../demo/contract/protocol.js';
import { mergeFrames } from '../../demo/worker/merge-frames.js';
import { Outbox } from '../../demo/worker/outbox.js';
import { transferables } from '../../demo/worker/transferables.js';

const rows = (...values: number[]) => Float32Array.from(values);
const run = (id: number, steps: number, history?: RunFacts['history']): RunFacts => ({
  id,
  steps,
  epochs: 0,
  marks: [],
  ...(history && { history }),
});
const file = (name: string) => ({ name, type: '', bytes: new Uint8Array() });

test('later parts win, what is absent stays', () => {
  const merged = mergeFrames({ notice: 'a', problem: 'b' }, { problem: '' });
  expect(merged).toEqual({ notice: 'a', problem: '' });
});

test('rows are added to rows that were not told, whether those replace or not', () => {
  for (const replace of [false, true]) {
    const before = { runs: [run(1, 10, { rows: rows(1, 2), replace })] };
    const after = { runs: [run(1, 20, { rows: rows(3), replace: false })] };
    expect(mergeFrames(before, after)).toEqual({ runs: [run(1, 20, { rows: rows(1, 2, 3), replace })] });
  }
});

test('rows that replace take the place of those that were not told', () => {
  const before = { runs: [run(1, 10, { rows: rows(1, 2), replace: false })] };
  const after = { runs: [run(1, 5, { rows: rows(1), replace: true })] };
  expect(mergeFrames(before, after)).toEqual(after);
});

test('rows are kept if the run has no news, and gone with the run', () => {
  const before = { runs: [run(1, 10, { rows: rows(1), replace: true }), run(2, 10, { rows: rows(2), replace: true })] };
  const merged = mergeFrames(before, { runs: [run(2, 11), run(3, 0)] });
  expect(merged).toEqual({ runs: [run(2, 11, { rows: rows(2), replace: true }), run(3, 0)] });
});

test('no file is lost', () => {
  expect(mergeFrames({ files: [file('a')] }, { files: [file('b')] }).files).toEqual([file('a'), file('b')]);
});

test('every buffer is handed over once', () => {
  const shared = new Float32Array(4);
  const message = { a: [{ b: shared }, { c: shared.subarray(1) }], d: new Uint8Array(2), e: [1, 2], f: null };
  expect(transferables(message)).toEqual([shared.buffer, message.d.buffer]);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a message at once, then at most one every 100 ms, with everything in it', () => {
  const sent: Frame[] = [];
  const outbox = new Outbox((frame) => sent.push(frame));
  outbox.put({ notice: '1' });
  outbox.put({ problem: '1' });
  vi.advanceTimersByTime(0);
  expect(sent).toEqual([{ notice: '1', problem: '1' }]);
  for (let i = 0; i < 50; i++) {
    outbox.put({ notice: String(i) });
    vi.advanceTimersByTime(10);
  }
  expect(sent.length).toBeGreaterThan(4);
  expect(sent.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(1000);
  expect(sent.at(-1)).toEqual({ notice: '49' });
});
