import { beforeAll, describe, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { NETWORKS } from '../steps/networks.js';
import { type RunOptions, StepRun } from '../steps/step-run.js';
import { sharedEngine } from './stored.js';

const STEPS = 3;

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

/** The complaints about the first steps of a network. */
async function complaintsAbout(name: string, options: RunOptions): Promise<string[]> {
  const run = await StepRun.create(engine, NETWORKS[name], options);
  try {
    const complaints: string[] = [];
    for (let step = 0; step < STEPS; step++) complaints.push(...(await run.checkedStep()));
    return complaints;
  } finally {
    run.dispose();
  }
}

describe.each(Object.keys(NETWORKS))('%s', (name) => {
  test('is within its bounds, step by step', async () => {
    expect(await complaintsAbout(name, {})).toEqual([]);
  });

  test('is within its bounds tensor by tensor, with nothing riding', async () => {
    expect(await complaintsAbout(name, { ride: false, tapped: true })).toEqual([]);
  });
});

test.each(['relu and dropout, Adam, L2', 'gelu and dropout, AdamW'])(
  '%s: is within its bounds tensor by tensor, stored by the fused kernels',
  async (name) => {
    expect(await complaintsAbout(name, { tapped: true })).toEqual([]);
  },
);
