import type { Suite } from './bench-options.js';
import type { Rival } from './contender.js';
import type { Network } from './network.js';
import { openContenders, type Place } from './open-contenders.js';
import { type StepTable, stepSuite } from './step-suite.js';

/** What is measured where WebGPU is; plain data, so that it can be sent into a page. */
export interface Request {
  readonly suites: readonly Suite[];
  readonly rivals: readonly Rival[];
  readonly networks: readonly Network[];
  readonly rounds: number;
  readonly seconds: number;
}

/** What came of it; plain data too. */
export interface Results {
  readonly adapter: string;
  readonly software: boolean;
  readonly step?: readonly StepTable[];
}

/** Runs the suites one after another. */
export async function runSuites(place: Place, request: Request, log: (line: string) => void): Promise<Results> {
  const { rounds, suites } = request;
  const { wgrad, all } = await openContenders(place, request.rivals);
  const { adapter, software } = wgrad.engine.info;
  const step: StepTable[] = [];
  if (suites.includes('step')) {
    for (const network of request.networks) step.push(...(await stepSuite(all, network, { rounds, log })));
  }
  return { adapter, software, ...(step.length > 0 && { step }) };
}
