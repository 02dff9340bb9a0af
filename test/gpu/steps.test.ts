import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { NETWORKS } from '../steps/networks.js';
import { StepRun } from '../steps/step-run.js';
import { gpuEngine } from './stored.js';

const STEPS = 3;

let engine: GpuEngine;
beforeAll(async () => {
  engine = await gpuEngine();
});
afterAll(() => engine.dispose());

describe.each(Object.entries(NETWORKS))('%s', (_, network) => {
  test.each([
    ['as it trains', false],
    ['with every tensor stored', true],
  ])('%s: every step is within its bounds', async (_, tapped) => {
    const run = await StepRun.create(engine, network, { tapped });
    try {
      const complaints: string[] = [];
      for (let step = 0; step < STEPS; step++) complaints.push(...(await run.checkedStep()));
      expect(complaints).toEqual([]);
    } finally {
      run.dispose();
    }
  });
});
