import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import type { GpuProgram } from '../../src/gpu/gpu-program.js';
import { dispatchCost } from '../../src/plan/plan.js';
import { sessionOf } from '../../src/train/trainer.js';
import type { Repeatable } from './contender.js';
import { bytesText, figure, share, spreadText } from './figures.js';
import { lonePrograms } from './lone-programs.js';
import { type Network, nameOf, problemOf } from './network.js';
import type { Probe, Probes } from './probes.js';
import { interleave, type SuiteOptions, warmUp } from './rounds.js';
import { type Spread, spreadOf } from './spread.js';
import type { Table } from './table.js';
import { QueueReader } from './wait-for-queue.js';
import { loadBatch, trainerOf } from './wgrad-contender.js';

/** One dispatch beside the probes. */
export interface KernelRow {
  readonly what: string;
  readonly flops: number;
  readonly bytes: number;
  readonly microseconds: Spread;
  /** GFLOP/s over those of the multiply-add probe. */
  readonly ofMultiplyAdd: Spread;
  /** GB/s over those of a scaled copy of as many bytes. */
  readonly ofCopy: Spread;
  /** The time in which the device could do it at best, by both probes, over its own. */
  readonly ofLimit: Spread;
}

export interface KernelTable {
  readonly title: string;
  readonly rows: readonly KernelRow[];
}

export interface ProbeRow {
  readonly what: string;
  /** GFLOP/s or GB/s. */
  readonly rate: Spread;
}

/** Probes, and every dispatch as a fraction of them. */
export interface KernelFigures {
  readonly probes: readonly ProbeRow[];
  readonly tables: readonly KernelTable[];
}

/** A dispatch that can be repeated. */
interface Measured extends Repeatable {
  readonly what: string;
  readonly flops: number;
  readonly bytes: number;
}

/** Rows and columns of the tensors of kernels that only move memory. */
const sideFor = (software: boolean) => (software ? 1024 : 8192);

/** Every dispatch of the networks' steps and the kernels that only move memory, each alone, beside the probes. */
export async function kernelSuite(
  engine: GpuEngine,
  probes: Probes,
  networks: readonly Network[],
  options: SuiteOptions,
): Promise<KernelFigures> {
  const reader = new QueueReader(engine.device);
  const seen = new Map<Probe, Spread>();
  const tables: KernelTable[] = [];
  const measure = async (title: string, kernels: readonly Measured[]) => {
    tables.push({ title, rows: await beside(probes, kernels, seen, title, options) });
    for (const kernel of kernels) kernel.dispose();
  };
  try {
    for (const network of networks) {
      const title = `Dispatches of a step of ${nameOf(network)}, batch ${network.batchSize}`;
      await measure(title, await dispatchesOf(engine, network, reader));
    }
    const side = sideFor(engine.info.software);
    const lone = (await lonePrograms(engine, side)).map(({ what, executor, program }) =>
      wholeProgram(what, executor, program, reader),
    );
    await measure(`Kernels that only move memory, ${side} x ${side}`, lone);
  } finally {
    reader.dispose();
  }
  const sorted = [...seen].sort(([a], [b]) => a.what.localeCompare(b.what) || a.amount - b.amount);
  return { probes: sorted.map(([{ what, amount }, rate]) => ({ what: nameProbe(what, amount), rate })), tables };
}

const nameProbe = (what: string, amount: number) =>
  what === 'scaled copy' ? `scaled copy of ${amount / 2 ** 20} MiB, GB/s` : `${what}, GFLOP/s`;

/** Each dispatch of a step by itself, that which gathers the batch first. */
async function dispatchesOf(engine: GpuEngine, network: Network, reader: QueueReader): Promise<Measured[]> {
  const trainer = await trainerOf(engine, network);
  const session = sessionOf(trainer);
  const executor = session.executor as GpuExecutor;
  const gather = await loadBatch(trainer, problemOf(network));
  const programs = [gather, session.compiled.program as GpuProgram];
  const { buffer } = executor.memory.regionOf(session.model.parameters[0].tensor, 0);
  const rows = programs.map((program) => program.prepare([[session.context(0, 0, network.batchSize)]]));
  return programs.flatMap((program, p) =>
    program.plan.dispatches.map((dispatch, i) => ({
      what: dispatch.title,
      ...dispatchCost(dispatch),
      run: (count) => reader.afterPass(buffer, count, (pass) => program.replay(pass, rows[p], i, i + 1)),
      dispose: () => {
        if (program !== gather && i === 0) trainer.dispose();
      },
    })),
  );
}

function wholeProgram(what: string, executor: GpuExecutor, program: GpuProgram, reader: QueueReader): Measured {
  const costs = program.plan.dispatches.map(dispatchCost);
  const context = { seed: [0, 0] as const, step: 0, sample: 0, start: 0, count: 1, hyper: {} };
  const row = program.prepare([[context]]);
  const [{ writes }] = program.plan.dispatches;
  const view = program.plan.view(writes[0]) ?? program.plan.layout.find(writes[0]);
  if (!view) throw new Error(`bench: the result of ${what} lies nowhere`);
  return {
    what: `${what} [${program.plan.dispatches.map(({ title }) => title).join(', ')}]`,
    flops: costs.reduce((sum, { flops }) => sum + flops, 0),
    bytes: costs.reduce((sum, { bytes }) => sum + bytes, 0),
    run: (count) => reader.afterPass(executor.memory.buffer(view.storage), count, (pass) => program.replay(pass, row)),
    dispose: () => executor.dispose(),
  };
}

/** Milliseconds of work that each has in a round. */
const TURN = 40;

/** Kernels and probes in the same rounds. */
async function beside(
  probes: Probes,
  kernels: readonly Measured[],
  seen: Map<Probe, Spread>,
  title: string,
  options: SuiteOptions,
): Promise<KernelRow[]> {
  const multiplyAdd = await probes.multiplyAdd();
  const copies: Probe[] = [];
  for (const { bytes } of kernels) copies.push(await probes.copy(bytes));
  const works: Repeatable[] = [...kernels, ...new Set([multiplyAdd, ...copies])];
  const entrants = [];
  for (const work of works) {
    const milliseconds = await warmUp(work, 3);
    entrants.push({ work, count: Math.max(1, Math.min(4096, Math.ceil(TURN / milliseconds))) });
  }
  const times = await interleave(title, entrants, options);
  const timesOf = (work: Repeatable) => times[works.indexOf(work)] ?? [];
  const perMillisecond = (probe: Probe) => timesOf(probe).map((time) => probe.amount / time);
  for (const probe of new Set([multiplyAdd, ...copies])) {
    seen.set(probe, spreadOf(perMillisecond(probe).map((rate) => rate / 1e6)));
  }
  const computed = perMillisecond(multiplyAdd);
  return kernels.map(({ what, flops, bytes }, i): KernelRow => {
    const own = times[i] ?? [];
    const moved = perMillisecond(copies[i]);
    const each = (share: (time: number, round: number) => number) => spreadOf(own.map(share));
    return {
      what,
      flops,
      bytes,
      microseconds: each((time) => 1000 * time),
      ofMultiplyAdd: each((time, round) => flops / time / computed[round]),
      ofCopy: each((time, round) => bytes / time / moved[round]),
      ofLimit: each((time, round) => Math.max(flops / computed[round], bytes / moved[round]) / time),
    };
  });
}

/** Returns tables of the device's limits and of each kernel's share of them. */
export function kernelTables({ probes, tables }: KernelFigures): Table[] {
  return [
    {
      title: 'Probes: what the device can do at most',
      head: ['probe', 'min / median / max'],
      rows: probes.map(({ what, rate }) => [what, spreadText(rate)]),
    },
    ...tables.map(({ title, rows }) => ({
      title,
      head: ['kernel', 'µs', 'GFLOP/s', 'of the multiply-add', 'bytes', 'GB/s', 'of the copy', 'of its limit'],
      rows: rows.map(({ what, microseconds, flops, bytes, ofMultiplyAdd, ofCopy, ofLimit }) => [
        what,
        figure(microseconds.median),
        figure(flops / microseconds.median / 1e3),
        share(ofMultiplyAdd.median),
        bytesText(bytes),
        figure(bytes / microseconds.median / 1e3),
        share(ofCopy.median),
        share(ofLimit.median),
      ]),
      notes: [
        'Each alone, again and again, so that its operands may lie in caches, as those of the copy beside it do. Of its limit: ' +
          'the longer one of the times in which the probes would compute and move as much, over its own.',
      ],
    })),
  ];
}
