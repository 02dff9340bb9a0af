import { afterEach, expect, test, vi } from 'vitest';
import { describeError, EXIT, exitCodeOf } from '../../src/cli/exit-code.js';
import { onInterrupt } from '../../src/cli/interrupt.js';
import { UsageError } from '../../src/cli/parse-options.js';
import { terminalOf } from '../../src/cli/terminal/terminal.js';
import { Progress } from '../../src/cli/train/progress.js';
import { EngineError, type EngineErrorKind } from '../../src/errors/engine-error.js';
import { recorder } from './recorder.js';

const epoch = (number: number, more = {}) => ({
  kind: 'epoch' as const,
  epoch: number,
  steps: 2,
  trainLoss: 0.5,
  trainPenalty: 0.25,
  trainObjective: 0.75,
  seconds: 0.5,
  stepMilliseconds: 250,
  ...more,
});

const step = (stepInEpoch: number) => ({
  kind: 'step' as const,
  epoch: 1,
  stepInEpoch,
  steps: 4,
  step: stepInEpoch - 1,
  loss: 0.5,
  accuracy: 0.75,
});

test('a line an epoch where nobody watches', () => {
  const { written, terminal } = recorder();
  const progress = new Progress(terminal, { epochs: 2, stepsPerEpoch: 2 });
  progress.step(step(1));
  progress.epoch(epoch(1, { trainAccuracy: 0.75, validationLoss: 0.4, validationAccuracy: 0.8 }));
  progress.epoch(epoch(2));
  progress.clear();
  expect(written).toEqual([
    'epoch 1/2  loss 0.5000 + penalty 0.2500 accuracy 75.00 %  validation 0.4000 accuracy 80.00 %  0.50 s  250.00 ms/step\n',
    'epoch 2/2  loss 0.5000 + penalty 0.2500  0.50 s  250.00 ms/step\n',
  ]);
});

test('ten lines for a thousand epochs of one step, each with the time since the one before', () => {
  const { written, terminal } = recorder();
  const progress = new Progress(terminal, { epochs: 1000, stepsPerEpoch: 1 });
  for (let i = 1; i <= 1000; i++) progress.epoch(epoch(i, { steps: 1, seconds: 0.001 }));
  expect(written).toHaveLength(10);
  expect(written[0]).toBe('step   100/1,000  loss 0.5000 + penalty 0.2500  0.10 s  1.00 ms/step\n');
  expect(written[9]).toMatch(/^step 1,000\/1,000 /);
});

test('a bar that is rewritten where someone watches', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { written, terminal } = recorder({ live: true });
  const progress = new Progress(terminal, { epochs: 1, stepsPerEpoch: 4 });
  vi.advanceTimersByTime(1000);
  progress.step(step(1));
  progress.step(step(2)); // too soon to be drawn
  vi.advanceTimersByTime(100);
  progress.step(step(3));
  progress.clear();
  progress.clear();
  expect(written).toEqual([
    `\r${'━'.repeat(6)}${'─'.repeat(18)} step 1/4  loss 0.5000  75.00 %  3.00 s left\x1b[K`,
    `\r${'━'.repeat(18)}${'─'.repeat(6)} step 3/4  loss 0.5000  75.00 %  0.37 s left\x1b[K`,
    '\r\x1b[K',
  ]);
});

test('a bar never fills the line', () => {
  const { written, terminal } = recorder({ live: true, columns: 40 });
  new Progress(terminal, { epochs: 1, stepsPerEpoch: 4 }).step(step(1));
  expect(written[0]).toHaveLength('\r'.length + 39 + '\x1b[K'.length);
});

test.each([
  [{ isTTY: true, columns: 99, rows: 50 }, {}, { live: true, color: true, columns: 99, rows: 50 }],
  [{ isTTY: true, columns: 99 }, { NO_COLOR: '1' }, { live: true, color: false }],
  [{ isTTY: true, columns: 99 }, { NO_COLOR: '' }, { live: true, color: true }],
  [{ isTTY: true, columns: 99 }, { CI: 'true' }, { live: false, color: true }],
  [{ isTTY: true, columns: 99 }, { TERM: 'dumb' }, { live: false, color: false }],
  [{}, {}, { live: false, color: false, columns: 100, rows: 24 }],
])('the terminal of %j with %j', (stream, env, expected) => {
  expect(terminalOf({ ...stream, write: () => {} }, env)).toMatchObject(expected);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'the first %s aborts, whatever follows within a second is the same one, a later signal ends the process',
  (name) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const before = process.listenerCount(name);
    const onFirst = vi.fn();
    const { signal, release } = onInterrupt(onFirst);
    const listener = process.listeners(name).at(-1);
    listener?.(name);
    vi.advanceTimersByTime(1000);
    process.listeners('SIGTERM').at(-1)?.('SIGTERM');
    expect([signal.aborted, onFirst.mock.calls.length, exit.mock.calls]).toEqual([true, 1, []]);
    vi.advanceTimersByTime(1);
    listener?.(name);
    expect(exit).toHaveBeenCalledWith(130);
    release();
    expect(process.listenerCount(name)).toBe(before);
  },
);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each<[EngineErrorKind, number]>([
  ['unsupported', 3],
  ['limit', 3],
  ['memory', 1],
  ['lost', 5],
  ['validation', 1],
  ['diverged', 4],
  ['aborted', 130],
  ['disposed', 1],
  ['format', 2],
  ['data', 2],
])('an EngineError of kind %s ends with %i and says its sentence', (kind, code) => {
  const error = new EngineError(kind, 'engine: a sentence');
  expect([exitCodeOf(error), describeError(error)]).toEqual([code, 'wgrad: engine: a sentence']);
});

test('a mistake on the command line ends with 2, anything else with 1 and its stack', () => {
  const usage = new UsageError('wgrad: what', 'hint');
  expect([exitCodeOf(usage), describeError(usage)]).toEqual([EXIT.usage, 'wgrad: what\nhint']);
  const other = new RangeError('out');
  expect([exitCodeOf(other), exitCodeOf('text')]).toEqual([1, 1]);
  expect(describeError(other)).toMatch(/^wgrad: unexpected error, please report it\nRangeError: out\n {4}at /);
});
