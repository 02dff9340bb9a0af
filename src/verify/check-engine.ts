import type { GpuEngine } from '../gpu/engine.js';
import { attempt, type CheckHead, checkOf } from './check.js';
import type { Course } from './course.js';
import { checkKeeping } from './keeping.js';
import { caseName, type KernelCase } from './kernel-cases.js';
import { casesOf, checkKernel, KEEPING, shapeText } from './kernels.js';
import { checkMaskCounters, checkMasks, checkPhilox } from './randomness.js';
import type { Check, Section } from './report.js';
import type { CheckedVerifyOptions } from './verify-options.js';

/** A check that is yet to be made; one run may make several. */
interface Task {
  readonly head: CheckHead;
  run(): Promise<Check[]>;
}

/** The random numbers of training, and every kernel by itself. */
export async function checkEngine(
  engine: GpuEngine,
  options: CheckedVerifyOptions,
  course: Course,
  onCheck: (check: Check) => void,
): Promise<void> {
  const tasks = { randomness: randomnessTasks(engine, options, course), kernels: kernelTasks(engine, options, course) };
  for (const section of ['randomness', 'kernels'] as const) {
    if (!options.sections.has(section)) continue;
    for (const [done, task] of tasks[section].entries()) {
      const { name } = task.head;
      course.progress({ section, name, done, total: tasks[section].length });
      await course.rest();
      if (course.isOver(name)) continue;
      for (const check of await task.run()) onCheck(check);
    }
  }
}

function callOf(section: Section, seed: number): string {
  return `verifyEngine(engine, { sections: ['${section}'], seed: ${seed} })`;
}

function randomnessTasks(engine: GpuEngine, { seed }: CheckedVerifyOptions, course: Course): Task[] {
  const task = (name: string, run: (head: CheckHead) => Promise<Check>): Task => {
    const head = { section: 'randomness', name, reproduce: callOf('randomness', seed) } as const;
    return { head, run: async () => [await attempt(head, () => run(head))] };
  };
  const bits = (gated: boolean) => async (head: CheckHead) => {
    const [findings, note] = await checkMasks(engine, course, gated);
    return checkOf(head, findings, [note]);
  };
  return [
    task('Philox4x32-10', async (head) => checkOf(head, await checkPhilox(engine, seed))),
    task('dropout masks, forward and backward', bits(false)),
    task('dropout masks behind ReLU', bits(true)),
    task('masks of other steps, layers, members', async (head) =>
      checkOf(head, await checkMaskCounters(engine, course)),
    ),
  ];
}

function kernelTasks(engine: GpuEngine, options: CheckedVerifyOptions, course: Course): Task[] {
  const { kernel, seed } = options;
  const cases = casesOf('verify', kernel).map((of): Task => {
    const head = { section: 'kernels', name: caseName(of), reproduce: callOf('kernels', seed) } as const;
    const failed = async (run: () => Promise<Check[]>) => {
      let checks: Check[] = [];
      const refused = await attempt(head, async () => {
        checks = await run();
        return checks[0];
      });
      return checks.length ? checks : [refused];
    };
    return { head, run: () => failed(() => kernelChecks(engine, of, options, course)) };
  });
  const reproduce = `verifyEngine(engine, { kernel: '${KEEPING}', seed: ${seed} })`;
  const keeping = { section: 'kernels', name: KEEPING, reproduce } as const;
  const keep: Task = {
    head: keeping,
    run: async () => [await attempt(keeping, async () => checkOf(keeping, await checkKeeping(engine, seed)))],
  };
  return kernel === undefined || kernel === KEEPING ? [...cases, keep] : cases;
}

/** One check a variant of a kernel. */
async function kernelChecks(
  engine: GpuEngine,
  of: KernelCase,
  options: CheckedVerifyOptions,
  course: Course,
): Promise<Check[]> {
  const { fusesMultiplyAdd } = await engine.probe();
  const runs = await checkKernel(engine, of, options, course);
  return runs.map(({ variant, findings, differing, failedAt }) => {
    const notes: string[] = [];
    if (differing.length) {
      const problem = `the bits are not those of ${runs[0].variant} at ${differing.join('; ')}`;
      // A device that fuses multiply and add may do so in one text and not in another.
      if (fusesMultiplyAdd) notes.push(problem);
      else findings.demand(false, problem);
    }
    const shape = failedAt ? `, shape: { ${shapeText(failedAt).replaceAll('=', ': ').replaceAll(',', ', ')} }` : '';
    const name = `${caseName(of)} ${variant}`;
    const reproduce = `verifyEngine(engine, { kernel: '${caseName(of)}', variant: '${variant}'${shape}, seed: ${options.seed} })`;
    return checkOf({ section: 'kernels', name, reproduce }, findings, notes);
  });
}
