import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/create-engine.js';
import { startDebugging } from '../../src/debug/start-debugging.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import { createReferenceEngine } from '../../src/reference/reference-engine.js';
import type { Report } from '../../src/verify/report.js';
import type { VerifyProgress } from '../../src/verify/verification.js';
import { verifyEngine } from '../../src/verify/verify.js';
import { failureOf } from '../gpu/failure-of.js';
import { gpuEngine, sharedEngine } from '../gpu/stored.js';

const engine = await sharedEngine();

describe('a quick verification', () => {
  let report: Report;
  const progress: VerifyProgress[] = [];
  beforeAll(async () => {
    const onProgress = (each: VerifyProgress) => progress.push(each);
    report = await verifyEngine(engine, { quick: true, seed: 7, seconds: 300, onProgress });
  }, 320_000);

  test('passes on this device', () => {
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(report.passed).toBe(true);
    expect(report.omitted).toEqual([]);
    expect(report.verdict).toMatch(
      /^holds: \d+ checks, [\d,]+ elements compared, largest error: \d+ % of what is allowed$/,
    );
  });

  test('checks every section', () => {
    expect([...new Set(report.checks.map(({ section }) => section))]).toEqual([
      'randomness',
      'kernels',
      'gradients',
      'steps',
    ]);
    for (const { name, compared } of report.checks) expect([name, compared > 0]).toEqual([name, true]);
    expect(report.checks.find(({ name }) => name === 'dropout masks, forward and backward')?.compared).toBeGreaterThan(
      2 ** 21,
    );
  });

  test('tells where it ran', () => {
    const { environment } = report;
    expect(environment.adapter).toBe(engine.info.adapter);
    expect(environment.limits.maxBufferSize).toBe(engine.device.limits.maxBufferSize);
    expect(environment.arithmetic.roundsToNearest).toBe(true);
    expect(environment.variantsAgree).toBe(true);
    expect(new Date(environment.date).getTime()).toBeGreaterThan(Date.now() - 600_000);
  });

  test('is plain JSON for machines and text for people', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual({ ...report });
    const text = `${report}`;
    expect(text).toContain(`adapter     ${engine.info.adapter}`);
    expect(text).toMatch(/^ {2}ok {3}Philox4x32-10 /m);
    expect(text).toMatch(/^ {2}ok {3}matmul-nt direct +[\d,]+ {2}(\d+|< 1) % of what is allowed at y/m);
    expect(text.split('\n').at(-1)).toBe(report.verdict);
    expect(text).not.toMatch(/undefined|NaN %|\[object/);
  });

  test('tells its progress', () => {
    expect(progress[0]).toEqual({ section: 'randomness', name: 'Philox4x32-10', done: 0, total: 4 });
    for (const { done, total } of progress) expect(done).toBeLessThan(total);
  });
});

test('a kernel, a variant and a shape can be checked alone, and repeated', async () => {
  const options = { kernel: 'matmul-nt', variant: 'tiled', shape: { m: 33, n: 34, k: 35 }, seed: 7 };
  const [first, second] = [await verifyEngine(engine, options), await verifyEngine(engine, options)];
  expect(first.checks.map(({ name }) => name)).toEqual(['matmul-nt tiled']);
  expect(second.checks).toEqual(first.checks);
  expect(first.checks[0].compared).toBe(5 * 2 * 33 * 34); // one member, twice two, each compared and run again
});

test('one variant of all kernels that have it', async () => {
  const options = { quick: true, variant: 'tiled', sections: ['kernels'], seed: 7, seconds: 300 } as const;
  const report = await verifyEngine(engine, options);
  expect(report.checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['matmul-nn tiled', true],
    ['matmul-nt tiled', true],
    ['matmul-tn tiled', true],
    ['matmul-tn-sums tiled', true],
  ]);
  expect(report.environment.variantsAgree).toBe(null);
});

test('an engine that is debugged is verified without its debugging', async () => {
  const told: string[] = [];
  const debugged = new GpuEngine(engine.device, false, {
    kernels: engine.kernels,
    debugging: startDebugging(4, (text) => told.push(text)),
  });
  const report = await verifyEngine(debugged, { kernel: 'keep and flags' });
  expect(report.checks.map(({ passed }) => passed)).toEqual([true]);
  expect(told).toEqual([]);
});

test('what time does not suffice for is told', async () => {
  const report = await verifyEngine(engine, { seconds: 1e-9 });
  expect(report.passed).toBe(false);
  expect(report.omitted.length).toBeGreaterThan(50);
  expect(report.verdict).toMatch(/^nothing was checked; not checked: Philox4x32-10, /);
});

test("holds on a device with no more than WebGPU's guaranteed limits", async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error('test: no device');
  expect(device.limits.maxStorageBuffersPerShaderStage).toBeLessThanOrEqual(10);
  const adopted = await createEngine({ device });
  for (const options of [{ kernel: 'head' }, { kernel: 'map adamDirection' }, { sections: ['steps'] as const }]) {
    const report = await verifyEngine(adopted, { quick: true, ...options });
    expect(report.checks.flatMap(({ problems }) => problems)).toEqual([]);
  }
  adopted.dispose();
  device.destroy();
});

test('a signal stops it', async () => {
  const controller = new AbortController();
  const running = failureOf(() =>
    verifyEngine(engine, {
      signal: controller.signal,
      onProgress: ({ section }) => section === 'kernels' && controller.abort(),
    }),
  );
  expect(await running).toMatchObject({ kind: 'aborted', message: 'verifyEngine: the signal was aborted' });
});

test('a lost device rejects', async () => {
  const doomed = await gpuEngine();
  const running = failureOf(() =>
    verifyEngine(doomed, { onProgress: ({ section }) => section === 'kernels' && doomed.device.destroy() }),
  );
  expect((await running).kind).toBe('lost');
});

test('the CPU reference cannot be verified against itself', async () => {
  expect(await failureOf(() => verifyEngine(createReferenceEngine()))).toMatchObject({
    kind: 'unsupported',
    message: 'verifyEngine: it verifies a GPU; this engine is the CPU reference itself',
  });
});
