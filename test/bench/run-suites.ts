import type { Suite } from './bench-options.js';
import type { Rival } from './contender.js';
import { type KernelFigures, kernelSuite } from './kernel-suite.js';
import { type MatmulTable, matmulSuite } from './matmul-suite.js';
import type { Network } from './network.js';
import { openContenders } from './open-contenders.js';
import type { Place } from './open-rival.js';
import { Probes } from './probes.js';
import { type SearchTable, searchSuite } from './search-suite.js';
import { type StepTable, stepSuite } from './step-suite.js';
import { type SweepTable, sweepSuite } from './sweep-suite.js';

/** The suites to run beside WebGPU, as plain data that can be sent into a page. */
export interface Request {
  readonly suites: readonly Suite[];
  readonly rivals: readonly Rival[];
  readonly networks: readonly Network[];
  readonly rounds: number;
}

/** The results, plain data too. */
export interface Results {
  readonly adapter: string;
  readonly software: boolean;
  readonly step?: readonly StepTable[];
  readonly matmul?: readonly MatmulTable[];
  readonly sweep?: readonly SweepTable[];
  readonly search?: readonly SearchTable[];
  readonly probes?: KernelFigures;
}

/** Runs the suites one after another. */
export async function runSuites(place: Place, request: Request, log: (line: string) => void): Promise<Results> {
  const { rounds, suites } = request;
  const { wgrad, all } = await openContenders(place, request.rivals, log);
  const { adapter, software } = wgrad.engine.info;
  const probes = new Probes(wgrad.engine.device, software);
  const options = { rounds, log };
  let results: Results = { adapter, software };
  try {
    if (suites.includes('step')) {
      const step: StepTable[] = [];
      for (const network of request.networks) step.push(...(await stepSuite(all, network, options)));
      results = { ...results, step };
    }
    if (suites.includes('matmul')) {
      results = { ...results, matmul: await matmulSuite(all, probes, software, options) };
    }
    if (suites.includes('sweep')) {
      results = { ...results, sweep: await sweepSuite(wgrad.engine, all, options) };
    }
    if (suites.includes('search') && place.images) {
      results = { ...results, search: await searchSuite(wgrad.engine, await place.images(), log) };
    }
    if (suites.includes('probes')) {
      results = { ...results, probes: await kernelSuite(wgrad.engine, probes, request.networks, options) };
    }
    return results;
  } finally {
    await probes.dispose();
  }
}
