import { expect, test } from 'vitest';
import type { Report } from '../../src/verify/report.js';

test('a trainer is verified in a worker, and the report crosses to the page', async () => {
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
  const { report, text } = await new Promise<{ report: Report; text: string }>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  expect(report.verdict).toMatch(/^holds: 5 checks/);
  expect(text.split('\n').at(-1)).toBe(report.verdict);
  expect(report.environment.host).toBe(navigator.userAgent);
});
