import type { GpuEngine } from '../gpu/engine.js';
import { attempt, type CheckHead, checkOf } from './check.js';
import { checkKeeping } from './keeping.js';
import { BETWEEN, caseName, casesOf, KEEPING, type KernelCase } from './kernel-cases.js';
import { checkKernel } from './kernels.js';
import { checkMaskCounters, checkMasks, checkPhilox } from './randomness.js';
import type { Check, Section } from './report.js';
import { checkRows } from './rows.js';
import type { Verification } from './verification.js';
import type { CheckedVerifyOptions } from './verify-options.js';

/** Checks that are yet to be made. */
interface Task {
  readonly head: CheckHead;
  run(): Promise<readonly Check[]>;
}

/** The comparison of the variants of kernels with each other. */
export interface VariantBits {
  /** Kernels of which several variants were compared. */
  compared: number;
  /** Those of which some bits differ. */
  differing: number;
}

/** Checks the random numbers of training, and every kernel by itself. */
export async function checkEngine(
  engine: GpuEngine,
  options: CheckedVerifyOptions,
  verification: Verification,
  onCheck: (check: Check) => void,
): Promise<VariantBits> {
  const bits: VariantBits = { compared: 0, differing: 0 };
  const tasks = {
    randomness: randomnessTasks(engine, options, verification),
    kernels: kernelTasks(engine, options, verification, bits),
  };
  for (const section of ['randomness', 'kernels'] as const) {
    if (!options.sections.has(section)) continue;
    for (const [done, { head, run }] of tasks[section].entries()) {
      verification.progress({ section, name: head.name, done, total: tasks[section].length });
      for (const check of await attempt(head, verification, run)) onCheck(check);
    }
  }
  return bits;
}

function repetition(section: Section, seed: number) {
  return { call: 'verifyEngine', options: { sections: [section], seed } } as const;
}

function randomnessTasks(engine: GpuEngine, { seed }: CheckedVerifyOptions, verification: Verification): Task[] {
  const task = (name: string, run: (head: CheckHead) => Promise<Check>): Task => {
    const head = { section: 'randomness', name, repeat: repetition('randomness', seed) } as const;
    return { head, run: async () => [await run(head)] };
  };
  const bits = (gated: boolean) => async (head: CheckHead) => {
    const [findings, note] = await checkMasks(engine, verification, seed, gated);
    return checkOf(head, findings, [note]);
  };
  return [
    task('Philox4x32-10', async (head) => checkOf(head, await checkPhilox(engine, seed))),
    task('dropout masks, forward and backward', bits(false)),
    task('dropout masks behind ReLU', bits(true)),
    task('masks of other steps, layers, members', async (head) =>
      checkOf(head, await checkMaskCounters(engine, verification, seed)),
    ),
  ];
}

function kernelTasks(
  engine: GpuEngine,
  options: CheckedVerifyOptions,
  verification: Verification,
  bits: VariantBits,
): Task[] {
  const { kernel, variant, seed } = options;
  const has = ({ kernel: { variants } }: KernelCase) =>
    variant === undefined || variants.some(({ name }) => name === variant);
  const cases = casesOf('verify', kernel)
    .filter(has)
    .map((of): Task => {
      const repeat = { call: 'verifyEngine', options: { kernel: caseName(of), seed } } as const;
      const head = { section: 'kernels', name: caseName(of), repeat } as const;
      return { head, run: () => kernelChecks(engine, of, options, verification, bits) };
    });
  const outside = [
    [KEEPING, checkKeeping],
    [BETWEEN, checkRows],
  ] as const;
  const others = outside
    .filter(([name]) => kernel === name || (kernel === undefined && variant === undefined))
    .map(([name, check]): Task => {
      const repeat = { call: 'verifyEngine', options: { kernel: name, seed } } as const;
      const head = { section: 'kernels', name, repeat } as const;
      return { head, run: async () => [checkOf(head, await check(engine, seed))] };
    });
  return [...cases, ...others];
}

/** Checks a kernel; returns one check per variant. */
async function kernelChecks(
  engine: GpuEngine,
  of: KernelCase,
  options: CheckedVerifyOptions,
  verification: Verification,
  bits: VariantBits,
): Promise<Check[]> {
  const { fusesMultiplyAdd } = await engine.probe();
  const runs = await checkKernel(engine, of, options, verification);
  const kernel = caseName(of);
  const { seed } = options;
  if (runs.length > 1) bits.compared++;
  if (runs.some(({ differsAt }) => differsAt)) bits.differing++;
  return runs.map(({ variant, findings, differsAt, failedAt }) => {
    const notes: string[] = [];
    if (differsAt) {
      const problem = `the bits are not those of ${runs[0].variant}`;
      // A device that fuses multiply and add may do so in one text and not in another.
      if (fusesMultiplyAdd) notes.push(problem);
      else findings.demand(false, problem);
    }
    const shape = failedAt ?? differsAt;
    // A difference between variants only shows when all of them run.
    const alone = failedAt || !differsAt ? { variant } : {};
    const repeat = { call: 'verifyEngine', options: { kernel, ...alone, ...(shape && { shape }), seed } } as const;
    return checkOf({ section: 'kernels', name: `${kernel} ${variant}`, repeat }, findings, notes);
  });
}
