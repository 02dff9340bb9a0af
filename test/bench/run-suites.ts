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
  readonly step?: readonly StepTable[] | undefined;
  readonly matmul?: readonly MatmulTable[] | undefined;
  readonly sweep?: readonly SweepTable[] | undefined;
  readonly search?: readonly SearchTable[] | undefined;
  readonly probes?: KernelFigures | undefined;
}

/** Runs the suites one after another. */
export async function runSuites(place: Place, request: Request, log: (line: string) => void): Promise<Results> {
  const { rounds, suites } = request;
  const { wgrad, all } = await openContenders(place, request.rivals, log);
  const { adapter, software } = wgrad.engine.info;
  const probes = new Probes(wgrad.engine.device, software);
  const options = { rounds, log };
  const { engine } = wgrad;
  const run = <T>(suite: Suite, measure: () => Promise<T>) => (suites.includes(suite) ? measure() : undefined);
  try {
    const step = await run('step', async () => {
      const tables: StepTable[] = [];
      for (const network of request.networks) tables.push(...(await stepSuite(all, network, options)));
      return tables;
    });
    const matmul = await run('matmul', () => matmulSuite(all, probes, software, options));
    const sweep = await run('sweep', () => sweepSuite(engine, all, options));
    const { images, table } = place;
    const search =
      images && table && (await run('search', async () => searchSuite(engine, { images: await images(), table }, log)));
    const kernels = await run('probes', () => kernelSuite(engine, probes, request.networks, options));
    return { adapter, software, step, matmul, sweep, search, probes: kernels };
  } finally {
    await probes.dispose();
  }
}
