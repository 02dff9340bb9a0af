import type { GpuEngine } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { type Dimensions, type Kernel, variantsOn } from '../../src/kernels/index.js';
import { input } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { Random } from '../../src/random/random.js';
import type { Repeatable } from '../bench/contender.js';
import { Probes } from '../bench/probes.js';
import { interleave, warmUp } from '../bench/rounds.js';
import { type Spread, spreadOf } from '../bench/spread.js';
import { repeat } from '../bench/wgrad-contender.js';
import { openGpu } from './measure-device.js';
import type { Measurement } from './part.js';

/** A product in a variant. */
export interface ProductRow {
  /** matmul-nn, -nt, -tn, or -tn-sums with the sums of columns. */
  readonly kernel: string;
  readonly sizes: Dimensions;
  readonly variant: string;
  /** The engine chooses it by itself. */
  readonly chosen: boolean;
  readonly milliseconds: Spread;
  readonly gflops: number;
  /** Ratio to the rate of multiply-adds in registers, round by round. */
  readonly ofPeak: Spread;
}

/** Square products from 512 to 4096, as the issue of the kernels asks for; those that a software device does in time. */
const SQUARES = { gpu: [512, 1024, 2048, 4096], software: [128, 256] };

/** Products of steps of training, batch 64: 784-128-10, and 784-512-512-10. */
const TRAINING: Readonly<Record<string, readonly (readonly [m: number, n: number, k: number])[]>> = {
  'matmul-nn': [
    [64, 128, 784],
    [64, 512, 784],
    [64, 512, 512],
  ],
  'matmul-nt': [
    [64, 128, 10],
    [64, 512, 512],
  ],
  'matmul-tn-sums': [
    [784, 128, 64],
    [128, 10, 64],
    [784, 512, 64],
    [512, 512, 64],
  ],
};

const PRODUCTS = KERNELS.filter(({ name }) => name.startsWith('matmul'));
/** Milliseconds of work that each has in a round. */
const TURN = 30;
const ROUNDS = 5;
/** Variants that take longer are measured no further. */
const TOO_SLOW = 1500;

/** Measures products: those that the engine chooses at every size first, then other variants. */
export const measureProducts: Measurement = async (adapter, save) => {
  const engine = await openGpu(adapter);
  const { software } = engine.info;
  const peak = await new Probes(engine.device, software).multiplyAdd();
  const squares = SQUARES[software ? 'software' : 'gpu'].map((size): Dimensions => ({ m: size, n: size, k: size }));
  const rows: ProductRow[] = [];
  const each = async (sizes: Dimensions, kernel: Kernel) => {
    rows.push(...(await measureProduct(engine, kernel, sizes, peak)));
    await save({ software, peak: peak.what, rows });
  };
  for (const sizes of squares) for (const kernel of PRODUCTS) await each(sizes, kernel);
  for (const kernel of PRODUCTS) {
    for (const [m, n, k] of TRAINING[kernel.name] ?? []) await each({ m, n, k }, kernel);
  }
};

async function measureProduct(
  engine: GpuEngine,
  kernel: Kernel,
  sizes: Dimensions,
  peak: Repeatable & { readonly amount: number },
): Promise<ProductRow[]> {
  const { m, n, k } = sizes;
  const title = `${kernel.name} ${m} x ${n} x ${k}`;
  const names = variantsOn(engine.traits, kernel).map(({ name }) => name);
  const planned = await productOf(engine, kernel, sizes);
  const works = [planned];
  for (const name of names.filter((each) => each !== planned.variant))
    works.push(await productOf(engine, kernel, sizes, name));
  const entrants = [];
  for (const work of [...works, peak]) {
    const milliseconds = await warmUp(work, 1);
    const isSlow = milliseconds > TOO_SLOW && work !== planned && work !== peak;
    entrants.push({
      work: isSlow ? undefined : work,
      count: Math.max(1, Math.min(2048, Math.ceil(TURN / milliseconds))),
    });
  }
  const times = await interleave(title, entrants, { rounds: ROUNDS, log: () => {} });
  for (const work of works) work.dispose();
  const peaks = (times.at(-1) ?? []).map((time) => peak.amount / time);
  const flops = kernel.flops(sizes);
  console.error(title);
  return works.flatMap(({ variant }, i): ProductRow[] => {
    const own = times[i];
    if (!own) return [];
    const milliseconds = spreadOf(own);
    const ofPeak = spreadOf(own.map((time, round) => flops / time / peaks[round]));
    const gflops = flops / milliseconds.median / 1e6;
    return [{ kernel: kernel.name, sizes, variant, chosen: i === 0, milliseconds, gflops, ofPeak }];
  });
}

/** Returns a product on random numbers, in the variant that the engine chooses or in one by name. */
async function productOf(engine: GpuEngine, kernel: Kernel, sizes: Dimensions, name?: string) {
  const executor = engine.createExecutor({ kernels: KERNELS, slots: 64, debug: false, variant: name });
  const trace = new Trace();
  const random = new Random(1);
  const [a, b] = ['a', 'b'].map((each) => {
    const [rows, cols] = [...kernel.inputs[each].dims].map((letter) => sizes[letter]);
    return { tensor: input(trace, each, rows, cols), values: random.floats(rows * cols, -1, 1) };
  });
  const computed = kernel.computes({ a: a.tensor, b: b.tensor }, sizes);
  const step = { updates: [], metrics: [], outputs: Object.values(computed) };
  const program = await executor.compile(step, new Map());
  for (const { tensor, values } of [a, b]) executor.write(tensor, values);
  const view = program.plan.view(computed.y);
  if (!view) throw new Error(`hardware: the result of ${kernel.name} lies nowhere`);
  return {
    variant: program.plan.dispatches[0].variant.name,
    run: async (count: number) => {
      repeat(program, count);
      await executor.commands.readBack([executor.memory.region(view, 1, 0)]);
    },
    dispose: () => executor.dispose(),
  };
}
