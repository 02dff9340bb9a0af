import { firstDifference } from '../../src/debug/first-difference.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import type { Stored } from '../gpu/stored.js';
import type { Network } from '../steps/networks.js';
import { type RunOptions, StepRun } from '../steps/step-run.js';

/** The states of every member after `steps` steps. */
export async function trained(
  engine: GpuEngine,
  network: Network,
  steps: number,
  options: RunOptions = {},
): Promise<Stored[][]> {
  const run = await StepRun.create(engine, network, options);
  try {
    for (let step = 0; step < steps; step++) run.advance();
    return await run.readStates();
  } finally {
    run.dispose();
  }
}

/** Returns the places at which two lists of results differ in a bit; zeros of either sign are equal. */
export function differencesOf(name: string, a: readonly Stored[], b: readonly Stored[]): string[] {
  if (a.length !== b.length) return [`${name}: ${a.length} states and ${b.length}`];
  return a.flatMap((each, state) => {
    const { words, values } = each;
    const other = b[state];
    const index = firstDifference(words, other.words);
    if (index < 0) return [];
    return [`${name}: element ${index} of state ${state} is ${values[index]} and ${other.values[index]}`];
  });
}
