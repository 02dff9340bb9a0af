import { firstDifference } from '../debug/first-difference.js';
import { brokenGuards, poison, readStored, type Stored } from '../debug/stored.js';
import type { GpuEngine } from '../gpu/engine.js';
import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { HostContext, HostFunction } from '../graph/step.js';
import { KERNELS } from '../kernels/every-kernel.js';
import { type Dimensions, type Operand, variantsOn } from '../kernels/index.js';
import { bitsFromFloat, input, scalar, scalarOp, state, type Tensor, Trace, type Values, words } from '../ops/index.js';
import { Random } from '../random/random.js';
import { interpretSlowly } from '../reference/interpret.js';
import { scalarValues } from '../reference/reference-engine.js';
import { Findings } from './check.js';
import { type KernelCase, shapeText } from './kernel-cases.js';
import type { Verification } from './verification.js';
import type { CheckedVerifyOptions } from './verify-options.js';

/** The places of operands: states of one member; of two that share the inputs; inputs of two that share nothing. */
export const ARRANGEMENTS = ['alone', 'two members', 'two members with own inputs'] as const;

/** Options of `runKernel`. */
export interface KernelRunOptions {
  readonly sizes: Dimensions;
  readonly variant: string;
  readonly arrangement: (typeof ARRANGEMENTS)[number];
  /** The seed of the operands' elements. Default 0. */
  readonly seed?: number | undefined;
  /** Called between ops of the reference. */
  readonly yieldToHost?: (() => Promise<void>) | undefined;
}

/** The result of running a kernel. */
export interface KernelRun {
  readonly findings: Findings;
  /** The tensors that the GPU stored, by member and output. */
  readonly stored: readonly Readonly<Record<string, Stored>>[];
  /** Operands, by member and name. */
  readonly operands: readonly Readonly<Record<string, Values>>[];
}

/** Runs a kernel alone, twice, and holds everything it stored against the interpretation of what it computes. */
export async function runKernel(engine: GpuEngine, of: KernelCase, options: KernelRunOptions): Promise<KernelRun> {
  const { sizes, variant, arrangement, yieldToHost = async () => {} } = options;
  const leaves = leavesOf(of, sizes, arrangement);
  const computed = (of.computes ?? of.kernel.computes)(leaves, sizes);
  const names = Object.keys(computed).filter((name) => of.wanted?.includes(name) ?? true);
  const outputs = names.map((name) => computed[name]);
  const contexts = Array.from({ length: arrangement === 'alone' ? 1 : 2 }, (_, member) => contextOf(sizes, member));
  const executor = engine.createExecutor({
    kernels: KERNELS,
    members: contexts.length,
    guards: 1,
    slots: 1,
    variant,
    debug: false,
  });
  try {
    const program = await executor.compile({ updates: [], metrics: [], outputs }, hostsOf(leaves));
    const operands = contexts.map((context, member) => writeOperands(executor, of, leaves, options, context, member));
    poison(executor, program.plan, outputs);
    program.run([contexts]);
    const first = await readStored(executor, program.plan, outputs);
    program.run([contexts]);
    const second = await readStored(executor, program.plan, outputs);

    const findings = new Findings();
    const [planned, ...others] = program.plan.dispatches;
    const titles = program.plan.dispatches.map(({ title }) => title).join(', ');
    const asAsked = planned.kernel === of.kernel && planned.variant.name === variant && others.length === 0;
    findings.demand(asAsked, `is planned as ${titles}`);
    for (const [member, stored] of first.entries()) {
      const feed = (leaf: Tensor) => operands[member][String(leaf.attributes.name)];
      const wanted = await interpretSlowly(outputs, feed, { bounds: true }, yieldToHost);
      for (const [i, name] of names.entries()) {
        const where = contexts.length > 1 ? `${name} of member ${member}` : name;
        findings.compare(where, stored[i].values, wanted[i]);
        findings.equal(`${where}, run again`, stored[i].words, second[member][i].words);
        findings.demand(stored[i].padsAreZero, `a pad of ${where} is not 0`);
      }
    }
    for (const { name } of await brokenGuards(executor)) {
      findings.demand(false, `a guard row of ${name} was written to`);
    }
    const stored = first.map((own) => Object.fromEntries(names.map((name, i) => [name, own[i]])));
    return { findings, stored, operands };
  } finally {
    executor.dispose();
  }
}

/** A kernel's operands as leaves, without the gradient of the rows where nothing that is wanted needs it. */
export function leavesOf({ kernel, inputs, bytes = [], wanted }: KernelCase, sizes: Dimensions, arrangement: string) {
  const trace = new Trace();
  const leaves: Record<string, Tensor> = {};
  const perMember = arrangement === 'two members with own inputs';
  const leafOf = (name: string, { dims, access }: Operand): Tensor => {
    const [rows, cols] = [...dims].map((letter) => (/\d/.test(letter) ? Number(letter) : sizes[letter]));
    if (access === 'words') return words(trace, name, cols);
    if (dims === '11') return scalar(trace, name);
    if (access === 'index') return input(trace, name, rows, cols, 'u32', { perMember });
    if (bytes.includes(name)) return input(trace, name, rows, cols, 'u8', { perMember });
    if (kernel.inputs.b?.dims === '1n' && name !== 'x') return state(trace, name, rows, cols, 'w'); // as in a dense layer
    return perMember ? input(trace, name, rows, cols, 'f32', { perMember }) : state(trace, name, rows, cols);
  };
  for (const [name, operand] of Object.entries(inputs ?? kernel.inputs)) {
    if (name !== 'drow' || !wanted || wanted.includes('dlogits')) leaves[name] = leafOf(name, operand);
  }
  return leaves;
}

/** The host functions of the words and scalars of cases. */
export const HOSTS: Readonly<Record<string, HostFunction>> = {
  batch: ({ count }) => [count, bitsFromFloat(1 / count)],
  start: ({ start, count }) => [start, count],
  lambda: ({ hyper }) => [hyper.lambda],
  epsilon: ({ hyper }) => [hyper.lambda / 1e4],
  // A distance of half the rows, or none.
  roll: ({ count }) => [count >> 1, count],
  smoothing: ({ hyper }) => [hyper.smoothing],
  // A dropout layer's: its number and stream are made up, the threshold is that of p = 0.4.
  source: ({ seed, step, sample }) => [...seed, step, 5, sample, 0x66666666, bitsFromFloat(1 / 0.6), 3],
};

function hostsOf(leaves: Readonly<Record<string, Tensor>>): Map<Tensor, HostFunction> {
  const scalars = Object.entries(leaves).filter(([, { op }]) => op === scalarOp);
  return new Map(scalars.map(([name, leaf]) => [leaf, HOSTS[name]]));
}

/** Members differ in all that may differ. */
function contextOf({ m, count = m, start = 0 }: Dimensions, member: number): HostContext {
  return {
    seed: [7, member],
    step: 3,
    sample: 2 + member,
    start: Math.max(0, start - member),
    count: Math.max(1, count - member),
    hyper: { lambda: 0.3 + member, smoothing: 0.1 / (1 + member) },
  };
}

const arrays = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

function writeOperands(
  executor: GpuExecutor,
  { draw }: KernelCase,
  leaves: Readonly<Record<string, Tensor>>,
  { sizes, seed = 0 }: KernelRunOptions,
  context: HostContext,
  member: number,
): Record<string, Values> {
  const hosts = hostsOf(leaves);
  const valuesOf = ([name, leaf]: [string, Tensor], i: number): [string, Values] => {
    const { rows, cols, dtype, op } = leaf;
    if (op === scalarOp) return [name, scalarValues(leaf, hosts, context)];
    const own = executor.layout.find(leaf)?.storage.perMember;
    const random = new Random(seed + 1000 * i + (own ? member * 100_000 : 0));
    const data = arrays[dtype].from(draw?.[name]?.(random, rows, cols, sizes) ?? random.floats(rows * cols));
    executor.write(leaf, data, member);
    return [name, { rows, cols, data }];
  };
  return Object.fromEntries(Object.entries(leaves).map(valuesOf));
}

/** Fresh shapes a case, beside its table. */
const FRESH = { quick: 1, full: 3 };

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
  { variant: only, shape, seed, quick }: CheckedVerifyOptions,
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
    Object.entries(own).every(([name, { words }]) => firstDifference(words, b.stored[member][name].words) < 0),
  );
}
