import { show, suggestion } from '../errors/arguments.js';
import type { GpuEngine } from '../gpu/engine.js';
import { type Dimensions, variantsOn } from '../kernels/index.js';
import { Random } from '../random/random.js';
import { Findings } from './findings.js';
import { caseName, KERNEL_CASES, type KernelCase } from './kernel-cases.js';
import { ARRANGEMENTS, type KernelRun, runKernel } from './kernel-run.js';
import type { Verification } from './verification.js';

/** The kernels to check, their sizes, and how thoroughly. */
export interface KernelChoice {
  /** A kernel such as 'matmul-nn', or a case of one such as 'map relu'. Default: all. */
  readonly kernel?: string | undefined;
  /** Default: all that the kernel has. */
  readonly variant?: string | undefined;
  /** Default: the kernel's table of shapes and fresh ones. */
  readonly shape?: Dimensions | undefined;
  readonly seed: number;
  readonly quick: boolean;
}

/** Fresh shapes a case, beside its table. */
const FRESH = { quick: 1, full: 3 };

/** The check outside all plans: the flags of numbers that are not finite, and the last good state. */
export const KEEPING = 'keep and flags';

/** Returns the cases of a kernel or of all. @throws RangeError naming `where` and those there are */
export function casesOf(where: string, kernel: string | undefined): readonly KernelCase[] {
  if (kernel === undefined) return KERNEL_CASES;
  if (kernel === KEEPING) return [];
  const found = KERNEL_CASES.filter((each) => each.kernel.name === kernel || caseName(each) === kernel);
  if (found.length) return found;
  const names = [...new Set([...KERNEL_CASES.flatMap((each) => [each.kernel.name, caseName(each)]), KEEPING])];
  throw new RangeError(
    `${where}: kernel must be one of ${names.join(', ')}, got ${show(kernel)}${suggestion(kernel, names)}`,
  );
}

/** A shape for people and for the command line: 'm=33,n=34,k=35'. */
export function shapeText(sizes: Dimensions): string {
  return Object.entries(sizes)
    .map(([letter, size]) => `${letter}=${size}`)
    .join(',');
}

/** The comparison of a variant with the reference and with the first variant. */
interface CaseRun {
  readonly variant: string;
  readonly findings: Findings;
  /** The first shape at which the variant's bits are not those of the first variant. */
  differsAt: Dimensions | undefined;
  /** The first shape at which something was wrong. */
  failedAt: Dimensions | undefined;
}

/** Holds one kernel, in every variant, against the reference over its shapes. */
export async function checkKernel(
  engine: GpuEngine,
  of: KernelCase,
  { variant: only, shape, seed, quick }: KernelChoice,
  verification: Verification,
): Promise<CaseRun[]> {
  const random = new Random(seed);
  const fresh = Array.from({ length: quick ? FRESH.quick : FRESH.full }, () => of.fresh(random));
  const table = quick && of.quick ? of.quick : [...of.shapes, ...fresh];
  const shapes = shape ? [shape] : table;
  const names = variantsOn(engine.traits, of.kernel)
    .filter(({ name, suits }) => {
      // A quick verification leaves out what this device would never choose.
      const chosen = !quick || shapes.some((sizes) => (suits?.(sizes, engine.traits) ?? 0) >= 0);
      return only === undefined ? chosen : name === only;
    })
    .map(({ name }) => name);
  const runs = names.map(
    (variant): CaseRun => ({ variant, findings: new Findings(), differsAt: undefined, failedAt: undefined }),
  );
  for (const [i, sizes] of shapes.entries()) {
    const arrangements = quick && !shape ? [ARRANGEMENTS[i % ARRANGEMENTS.length]] : ARRANGEMENTS;
    for (const arrangement of arrangements) {
      let first: KernelRun | undefined;
      for (const each of runs) {
        const { variant, findings } = each;
        await verification.yieldToHost();
        const run = await runKernel(engine, of, {
          sizes,
          variant,
          arrangement,
          seed,
          yieldToHost: verification.yieldToHost,
        });
        findings.add(run.findings, `${shapeText(sizes)}, ${arrangement}`);
        if (run.findings.problems.length) each.failedAt ??= sizes;
        first ??= run;
        if (!sameBits(first, run)) each.differsAt ??= sizes;
      }
    }
  }
  return runs;
}

function sameBits(a: KernelRun, b: KernelRun): boolean {
  return a.stored.every((own, member) =>
    Object.entries(own).every(([name, { words }]) =>
      words.every((word, i) => word === b.stored[member][name].words[i]),
    ),
  );
}
