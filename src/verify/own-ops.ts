import { readStored } from '../debug/stored.js';
import type { GpuEngine } from '../gpu/engine.js';
import { live } from '../graph/step.js';
import { map } from '../kernels/index.js';
import { input, matmul, Trace, words as wordsLeaf } from '../ops/index.js';
import type { ElementwiseOp, Place, Tensor, Values } from '../ops/tensor.js';
import { Random } from '../random/random.js';
import { worst } from '../reference/comparison.js';
import { interpretSlowly } from '../reference/interpret.js';
import { referenceOf } from '../reference/references.js';
import type { Session } from '../train/session.js';
import { attempt, type CheckHead, checkOf, Findings } from './check.js';
import { type KernelCase, mapCase } from './kernel-cases.js';
import { HOSTS, runKernel } from './kernels.js';
import { checkGradient } from './op-gradient.js';
import type { Check } from './report.js';
import type { Verification } from './verification.js';
import type { CheckedVerifyOptions } from './verify-options.js';

/** The ops of a session's training step that brought their own reference: those that the library does not have. */
export function ownOpsOf({ model, compiled }: Session): ElementwiseOp[] {
  const { updates, metrics } = model.step(compiled);
  const ops = live([...updates.map(({ value }) => value), ...metrics]).map(({ op }) => op);
  return [...new Set(ops)].filter((op): op is ElementwiseOp => op.kind === 'elementwise' && op.reference !== undefined);
}

/** Checks of the values of an op, of its use in a kernel, and of its gradient. */
export async function checkOp(
  engine: GpuEngine,
  op: ElementwiseOp,
  { sections, seed }: CheckedVerifyOptions,
  verification: Verification,
): Promise<Check[]> {
  const repeat = { call: 'verifyOp', op: op.name, options: { seed } } as const;
  const checks: Check[] = [];
  const check = async (section: 'kernels' | 'gradients', name: string, run: () => Promise<Findings>) => {
    if (!sections.has(section)) return;
    const head: CheckHead = { section, name, repeat };
    verification.progress({ section, name, done: checks.length, total: op.gradient ? 4 : 3 });
    checks.push(...(await attempt(head, verification, async () => [checkOf(head, await run())])));
  };
  await check('kernels', `${op.name} of drawn inputs`, () => checkValues(engine, op, mapCase(op), seed, verification));
  await check('kernels', `${op.name} of special inputs`, () =>
    checkValues(engine, op, specialCase(op), seed, verification),
  );
  await check('kernels', `${op.name} riding on a product`, () => checkRiding(engine, op, seed, verification));
  if (op.gradient) await check('gradients', `gradient of ${op.name}`, async () => checkGradient(op, seed));
  return checks;
}

const SHAPES = [
  { m: 5, n: 7 },
  { m: 61, n: 33 },
  { m: 2, n: 1031 },
];

/** Holds the op, alone in the map kernel, against its value and bound. */
async function checkValues(
  engine: GpuEngine,
  op: ElementwiseOp,
  of: KernelCase,
  seed: number,
  verification: Verification,
): Promise<Findings> {
  const findings = new Findings();
  for (const sizes of of.shapes.length === 1 ? of.shapes : SHAPES) {
    await verification.yieldToHost();
    const run = await runKernel(engine, of, { sizes, variant: 'direct', arrangement: 'two members', seed });
    const [stored] = run.stored;
    const [own] = run.operands;
    const x = op.operands.map((_, i) => own[`x${i}`].data);
    const values = valuesOf(op, x, { rows: sizes.m, cols: sizes.n, words: own.source?.data ?? [] });
    const found = worst(stored.y.values, values);
    // The sentence that tells most comes first.
    if (!(found.used <= 1)) findings.demand(false, sentence(op, x, found));
    findings.add(run.findings, `m=${sizes.m},n=${sizes.n}`);
  }
  return findings;
}

/** Says what an op gives, and what it should. */
function sentence(
  { name, operands }: ElementwiseOp,
  x: readonly ArrayLike<number>[],
  { index, got, want, allowed }: { index: number; got: number; want: number; allowed: number },
): string {
  const inputs = operands.map((operand, i) => `${operand} = ${x[i][index]}`).join(', ');
  return `${name}(${inputs}) is ${got}, not ${want} ± ${allowed}`;
}

/** The value and the bound of an op at every place, from exact operands. */
function valuesOf(
  op: ElementwiseOp,
  x: readonly ArrayLike<number>[],
  { rows, cols, words }: { rows: number; cols: number; words: ArrayLike<number> },
): Values {
  const { value, error } = referenceOf(op);
  const exact = new Float64Array(x.length);
  const [data, bound] = [new Float64Array(rows * cols), new Float64Array(rows * cols)];
  for (let i = 0; i < data.length; i++) {
    const own = x.map((operand) => operand[i]);
    const at: Place = { row: Math.floor(i / cols), col: i % cols, cols, words };
    data[i] = value(own, at);
    bound[i] = error(own, exact, data[i], at);
  }
  return { rows, cols, data, error: bound };
}

/** Zeros, ones, and numbers so small or so large that their squares are out of range. */
const SPECIAL = [0, -0, 1, -1, 0.5, 1e-30, -1e-30, 1e-12, 1e12, -1e12, 1e30, -1e30];

/** The map case of an op whose operands are all combinations of special numbers, as many as fit into 4096 elements. */
function specialCase(op: ElementwiseOp): KernelCase {
  const of = mapCase(op);
  const count = Math.min(SPECIAL.length ** op.operands.length, 4096);
  const element = (operand: number) => (_: Random, rows: number, cols: number) =>
    Array.from({ length: rows * cols }, (_, i) => SPECIAL[Math.floor(i / SPECIAL.length ** operand) % SPECIAL.length]);
  return {
    ...of,
    kernel: map,
    shapes: [{ m: Math.ceil(count / 12), n: 12 }],
    draw: Object.fromEntries(op.operands.map((_, i) => [`x${i}`, element(i)])),
  };
}

/** Rows, columns and depth of the product on which an op is let ride. */
const [M, N, K] = [19, 22, 5];

/** Holds the op, riding in the epilogue of a product, against the same op in a dispatch of its own, and both against float64. */
async function checkRiding(
  engine: GpuEngine,
  op: ElementwiseOp,
  seed: number,
  { yieldToHost }: Verification,
): Promise<Findings> {
  const findings = new Findings();
  const { draw, words } = referenceOf(op);
  const trace = new Trace();
  const random = new Random(seed);
  const given = new Map<Tensor, Values>();
  const leaf = (name: string, rows: number, cols: number, element: () => number) => {
    const tensor = input(trace, name, rows, cols);
    given.set(tensor, { rows, cols, data: Float32Array.from({ length: rows * cols }, element) });
    return tensor;
  };
  const unit = () => random.uniform(-1, 1);
  const product = matmul(leaf('a', M, K, unit), leaf('b', K, N, unit));
  const others = draw.slice(1).map((element, i) => leaf(`x${i + 1}`, M, N, () => element(random)));
  const source = words === 'source' ? [wordsLeaf(trace, 'source', 8)] : [];
  const y = trace.apply(op, [product, ...others, ...source]);
  const context = { seed: [seed, 1], step: 3, sample: 0, start: 0, count: M, hyper: {} } as const;
  for (const each of source) given.set(each, { rows: 1, cols: 8, data: Uint32Array.from(HOSTS.source(context)) });
  const feed = (tensor: Tensor) => given.get(tensor) as Values;
  const [want] = await interpretSlowly([y], feed, { bounds: true }, yieldToHost);
  const bits: Uint32Array[] = [];
  for (const ride of [true, false]) {
    const executor = engine.createExecutor({ members: 1, slots: 1, ride, debug: false });
    try {
      const scalars = new Map(source.map((each) => [each, HOSTS.source]));
      const program = await executor.compile({ updates: [], metrics: [], outputs: [y] }, scalars);
      findings.demand(program.dispatches === (ride ? 1 : 2), `takes ${program.dispatches} dispatches`);
      for (const [tensor, { data }] of given) if (data instanceof Float32Array) executor.write(tensor, data);
      program.run([[context]]);
      const [[stored]] = await readStored(executor, program.plan, [y]);
      findings.compare(`${op.name}, ${ride ? 'riding' : 'alone'}`, stored.values, want);
      bits.push(stored.words);
    } finally {
      executor.dispose();
    }
  }
  // A device that fuses multiply and add may do so in one text and not in another.
  const { fusesMultiplyAdd } = await engine.probe();
  if (!fusesMultiplyAdd) findings.equal(`${op.name}, riding and alone`, bits[0], bits[1], want);
  return findings;
}
