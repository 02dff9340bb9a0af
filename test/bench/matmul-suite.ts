import { Random } from '../../src/random/random.js';
import { type Contender, FORMS, type Form, type Multiplication, type Product } from './contender.js';
import type { Probes } from './probes.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { ratioOf, type Spread, spreadOf } from './spread.js';
import { multiplyTextbook, productError } from './textbook-product.js';

/** One engine's products. */
export interface MatmulRow {
  readonly engine: string;
  /** The largest error, as a share of what rounding can make. */
  readonly error: number;
  /** Undefined for an engine that is wrong. */
  readonly milliseconds?: Spread;
  readonly gflops?: Spread;
  readonly ratio?: Spread;
  /** Ratio to the multiply-add probe, round by round; for engines on WebGPU. */
  readonly ofProbe?: Spread;
}

export interface MatmulTable {
  readonly form: Form;
  readonly size: number;
  readonly rows: readonly MatmulRow[];
  /** GFLOP/s of the multiply-add probe in the same rounds. */
  readonly probe: Spread;
}

const sizesFor = (software: boolean) => (software ? [512, 1024] : [512, 1024, 2048, 4096]);

/** Square products in all three forms on all engines. */
export async function matmulSuite(
  contenders: readonly Contender[],
  probes: Probes,
  software: boolean,
  options: SuiteOptions,
): Promise<MatmulTable[]> {
  const tables: MatmulTable[] = [];
  for (const size of sizesFor(software)) {
    for (const form of FORMS) {
      const random = new Random(size);
      const [a, b] = [0, 1].map(() => random.floats(size * size, -1, 1) as Float32Array<ArrayBuffer>);
      tables.push(await compare(contenders, probes, { form, size, a, b }, options));
    }
  }
  return tables;
}

async function compare(
  contenders: readonly Contender[],
  probes: Probes,
  product: Product,
  { rounds, log }: SuiteOptions,
): Promise<MatmulTable> {
  const { form, size } = product;
  const truth = multiplyTextbook(product);
  const errors: number[] = [];
  const right: { contender: Contender; work: Multiplication; milliseconds: number }[] = [];
  for (const contender of contenders) {
    let error = Number.NaN;
    try {
      const work = await contender.multiply(product);
      error = productError(await work.result(), truth);
      if (error <= 1) right.push({ contender, work, milliseconds: await warmUp(work, 2) });
      else work.dispose();
    } catch (failure) {
      log(`matmul ${form} ${size}: ${contender.name} fails: ${failure instanceof Error ? failure.message : failure}`);
    }
    errors.push(error);
    log(`matmul ${form} ${size}: ${contender.name} is off by ${error.toPrecision(2)} of what it may`);
  }
  const count = countFor(
    right.map(({ milliseconds }) => milliseconds),
    { least: 200, most: 1500, fewest: 2 },
  );
  const probe = await probes.multiplyAdd();
  const entrants = [...right.map(({ work }) => ({ work, count })), { work: probe, count: 2 }];
  const times = await interleave(entrants, rounds, (round) =>
    log(`matmul ${form} ${size}: round ${round} of ${rounds}`),
  );
  for (const { work } of right) work.dispose();
  const probeTimes = times[right.length];
  const flops = 2 * size ** 3;
  const ours = times[right.findIndex(({ contender }) => contender.name === 'wgrad')];
  const rows = contenders.map((contender, i): MatmulRow => {
    const at = right.findIndex((each) => each.contender === contender);
    if (at < 0) return { engine: contender.name, error: errors[i] };
    const own = times[at];
    return {
      engine: contender.name,
      error: errors[i],
      milliseconds: spreadOf(own),
      gflops: spreadOf(own.map((time) => flops / time / 1e6)),
      ...(ours && { ratio: ratioOf(own, ours) }),
      ...(!contender.name.endsWith('wasm') && {
        ofProbe: spreadOf(own.map((time, round) => flops / time / (probe.amount / probeTimes[round]))),
      }),
    };
  });
  return { form, size, rows, probe: spreadOf(probeTimes.map((time) => probe.amount / time / 1e6)) };
}
