import { Random } from '../../src/random/random.js';
import { type Contender, FORMS, type Form, type Multiplication, type Product } from './contender.js';
import { fasterText, figure, share, spreadText } from './figures.js';
import type { Probes } from './probes.js';
import { countFor, interleave, type SuiteOptions, warmUp } from './rounds.js';
import { type Spread, spreadOf, type Timed, timed } from './spread.js';
import type { Table } from './table.js';
import { multiplyTextbook, type ProductTruth, productError } from './textbook-product.js';

/** One engine's products, and their times beside wgrad's. */
export interface MatmulRow extends Pick<Timed, 'ratio'> {
  readonly engine: string;
  /** The largest error, as a share of what rounding can make. */
  readonly error: number;
  readonly gflops?: Spread;
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
  options: SuiteOptions,
): Promise<MatmulTable> {
  const { form, size } = product;
  const truth = multiplyTextbook(product);
  const prepared: Prepared[] = [];
  for (const contender of contenders) prepared.push(await prepare(contender, product, truth, options.log));
  const count = countFor(
    prepared.flatMap(({ milliseconds = [] }) => milliseconds),
    { least: 200, most: 1500, fewest: 2 },
  );
  const probe = await probes.multiplyAdd();
  const entrants = [...prepared.map(({ work }) => ({ work, count })), { work: probe, count: 2 }];
  const times = await interleave(`matmul ${form} ${size}`, entrants, options);
  for (const { work } of prepared) work?.dispose();
  const probed = (times.at(-1) ?? []).map((time) => probe.amount / time);
  const flops = 2 * size ** 3;
  const ours = times[prepared.findIndex(({ engine }) => engine === 'wgrad')];
  const rows = prepared.map(({ engine, error }, i): MatmulRow => {
    const own = times[i];
    if (!own) return { engine, error };
    const rates = own.map((time) => flops / time);
    return {
      engine,
      error,
      ratio: timed(own, flops, ours).ratio,
      gflops: spreadOf(rates.map((rate) => rate / 1e6)),
      ...(!engine.endsWith('wasm') && { ofProbe: spreadOf(rates.map((rate, round) => rate / probed[round])) }),
    };
  });
  return { form, size, rows, probe: spreadOf(probed.map((rate) => rate / 1e6)) };
}

interface Prepared extends Pick<MatmulRow, 'engine' | 'error'> {
  /** Undefined if it is wrong. */
  readonly work?: Multiplication;
  readonly milliseconds?: number;
}

/** Takes a product once, compares it with float64 and warms it up. */
async function prepare(
  contender: Contender,
  product: Product,
  truth: ProductTruth,
  log: SuiteOptions['log'],
): Promise<Prepared> {
  const engine = contender.name;
  const name = `matmul ${product.form} ${product.size}: ${engine}`;
  try {
    const work = await contender.multiply(product);
    const error = productError(await work.result(), truth);
    log(`${name} is off by ${error.toPrecision(2)} of what it may`);
    if (error <= 1) return { engine, error, work, milliseconds: await warmUp(work, 2) };
    work.dispose();
    return { engine, error };
  } catch (failure) {
    log(`${name} fails: ${failure instanceof Error ? failure.message : failure}`);
    return { engine, error: Number.NaN };
  }
}

const FORM = { nn: 'a · b', nt: 'a · bᵀ', tn: 'aᵀ · b' } as const;

/** A product on every engine. */
export function matmulTable({ form, size, rows, probe }: MatmulTable): Table {
  return {
    title: `${FORM[form]} (${form}), ${size} x ${size} by ${size} x ${size}`,
    head: ['engine', 'wgrad is faster by', 'GFLOP/s, min / median / max', 'of the multiply-add probe', 'error'],
    rows: rows.map(({ engine, ratio, gflops, ofProbe, error }) => [
      engine,
      fasterText(engine === 'wgrad', { ratio }),
      gflops ? spreadText(gflops) : 'WRONG',
      ofProbe ? share(ofProbe.median) : '',
      figure(error),
    ]),
    notes: [
      `Probe: ${spreadText(probe)} GFLOP/s in the same rounds. Error: the largest, as a share of what rounding can make${size > 1024 ? ', in 32 rows' : ''}.`,
    ],
  };
}
