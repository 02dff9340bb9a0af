import type { Rival } from './contender.js';
import { countOf, figure, ratioText, share } from './figures.js';
import type { KernelRow } from './kernel-suite.js';
import { nameOf } from './network.js';
import { quartilesOf } from './regret.js';
import type { PlaceReport, Report } from './report.js';
import type { SearchTable } from './search-suite.js';
import { shareText } from './search-tables.js';
import type { Spread } from './spread.js';
import type { StepTable } from './step-suite.js';
import type { Table } from './table.js';

/** A target and the result. */
interface Target {
  readonly what: string;
  readonly wanted: string;
  /** The result, and true if it meets the target; undefined if it was not measured. */
  readonly found: { readonly text: string; readonly met?: boolean } | undefined;
}

/** Every target of the suites that were run beside what was measured. */
export function targetTables(report: Report): Table[] {
  const node = report.places.find((place) => !inChromium(place));
  const page = report.places.find(inChromium);
  const place = node ?? page;
  const targets = [
    ...(node?.step || page?.step ? [...stepTargets(node, page), ...callTargets(place)] : []),
    ...(place?.matmul ? productTargets(place) : []),
    ...(place?.probes ? [memoryTarget(place)] : []),
    ...(report.cold ? [coldTarget(report)] : []),
    ...(place?.population ? populationTargets(place) : []),
    ...(place?.search ?? []).map(searchTarget),
    ...(report.size ? sizeTargets(report) : []),
  ];
  if (targets.length === 0) return [];
  const rows = targets.map(({ what, wanted, found }) => [
    what,
    wanted,
    found?.text ?? 'not measured in this run',
    found?.met === undefined ? '' : found.met ? 'yes' : 'no',
  ]);
  return [{ title: 'Targets', wide: true, head: ['what', 'target', 'measured', 'met'], rows }];
}

/** A table of steps with the batch on the device. */
const tableOf = ({ step = [] }: Partial<PlaceReport>, name: string): StepTable | undefined =>
  step.find(({ network, feed }) => feed === 'resident' && nameOf(network) === name && network.batchSize === 64);

const onLavapipe = ({ adapter = '' }: Partial<PlaceReport>) => /llvmpipe/i.test(adapter);
const inChromium = ({ host }: PlaceReport) => host.startsWith('Chromium');

function faster(what: string, table: StepTable | undefined, rival: Rival, times: number): Target {
  const ratio = table?.rows.find(({ engine }) => engine === rival)?.ratio;
  return {
    what: `${what}: beside ${rival}`,
    wanted: `${times}x`,
    found: ratio && { text: ratioText(ratio), met: ratio.median >= times },
  };
}

function stepTargets(node: Partial<PlaceReport> = {}, chromium: Partial<PlaceReport> = {}): Target[] {
  const lavapipe = onLavapipe(node) ? tableOf(node, '784-128-10') : undefined;
  const large = onLavapipe(node) ? tableOf(node, '784-512-512-10') : undefined;
  const page = tableOf(chromium, '784-128-10');
  // Those that the target was set by. jax-wasm, which computes in WebAssembly, is listed by itself.
  const rivals =
    large?.rows.flatMap(({ engine, ratio }) =>
      engine !== 'wgrad' && engine !== 'jax-wasm' && ratio ? [{ engine, ratio }] : [],
    ) ?? [];
  const best = rivals.toSorted((a, b) => a.ratio.median - b.ratio.median).at(0);
  const besideWasm = (what: string, table: StepTable | undefined): Target => {
    const ratio = table?.rows.find(({ engine }) => engine === 'jax-wasm')?.ratio;
    return { what: `${what}: beside jax-wasm`, wanted: 'no target', found: ratio && { text: ratioText(ratio) } };
  };
  return [
    faster('step 784-128-10, lavapipe', lavapipe, 'jax-webgpu', 7),
    faster('step 784-128-10, lavapipe', lavapipe, 'tfjs-webgpu', 15),
    faster('step 784-128-10, lavapipe', lavapipe, 'tfjs-wasm', 4),
    faster('step 784-128-10, Chromium', page, 'jax-webgpu', 3),
    faster('step 784-128-10, Chromium', page, 'tfjs-webgpu', 18),
    faster('step 784-128-10, Chromium', page, 'tfjs-wasm', 1),
    {
      what: 'step 784-512-512-10, lavapipe: beside the best of the three',
      wanted: '5x',
      found: best && { text: `${ratioText(best.ratio)}, ${best.engine}`, met: best.ratio.median >= 5 },
    },
    besideWasm('step 784-128-10, lavapipe', lavapipe),
    besideWasm('step 784-512-512-10, lavapipe', large),
    besideWasm('step 784-128-10, Chromium', page),
  ];
}

function callTargets({ step = [] }: Partial<PlaceReport> = {}): Target[] {
  const table = step.find(({ network, feed }) => network.sizes.length === 4 && feed === 'resident');
  const calls = table?.rows.find(({ engine }) => engine === 'wgrad')?.calls;
  const count = (what: string, wanted: number, found: number | undefined, text = countOf(wanted)): Target => ({
    what,
    wanted: text,
    found: found === undefined ? undefined : { text: countOf(found), met: found <= wanted },
  });
  return [
    count('dispatches a step, three dense layers, data on the GPU', 9, calls?.dispatches, '8 and 1 gather'),
    count('submits of one more step', 0, calls?.submits, '0: one for many'),
    count('bind groups made a step', 0, calls?.bindGroups),
    count('buffers made a step', 0, calls?.buffers),
  ];
}

function productTargets(place: Partial<PlaceReport> = {}): Target[] {
  const { matmul = [] } = place;
  const ours = matmul.flatMap(({ form, size, rows }) => {
    const row = rows.find(({ engine }) => engine === 'wgrad');
    return row?.gflops ? [{ form, size, gflops: row.gflops, ofProbe: row.ofProbe }] : [];
  });
  const small = onLavapipe(place) ? ours.filter(({ size }) => size <= 1024) : [];
  const large = place.software === false ? ours.filter(({ size, ofProbe }) => size >= 2048 && ofProbe) : [];
  const slowest = <T extends { size: number; form: string }>(products: readonly T[], of: (product: T) => Spread) =>
    products
      .map((product) => ({ name: `${product.form} at ${product.size}`, median: of(product).median }))
      .toSorted((a, b) => a.median - b.median)
      .at(0);
  const least = slowest(small, ({ gflops }) => gflops);
  const leastOfProbe = slowest(large, ({ gflops, ofProbe }) => ofProbe ?? gflops);
  return [
    {
      what: 'products of 512 and 1024, lavapipe: the slowest form',
      wanted: '12 GFLOP/s',
      found: least && { text: `${figure(least.median)} GFLOP/s, ${least.name}`, met: least.median >= 12 },
    },
    {
      what: 'products of 2048 and more, hardware: the slowest form, of the multiply-add probe',
      wanted: '70 %',
      found: leastOfProbe && {
        text: `${share(leastOfProbe.median)}, ${leastOfProbe.name}`,
        met: leastOfProbe.median >= 0.7,
      },
    },
  ];
}

function memoryTarget({ probes }: Partial<PlaceReport> = {}): Target {
  const rows: readonly KernelRow[] = probes?.tables.at(-1)?.rows ?? [];
  const slowest = rows.toSorted((a, b) => a.ofCopy.median - b.ofCopy.median).at(0);
  return {
    what: 'optimisers, elementwise, reductions: the slowest, of the copy probe',
    wanted: '80 %',
    found: slowest && {
      text: `${share(slowest.ofCopy.median)}, ${slowest.what.replace(/ \[.*/, '')}`,
      met: slowest.ofCopy.median >= 0.8,
    },
  };
}

function coldTarget({ cold }: Report): Target {
  const total = cold?.find(({ engine }) => engine === 'wgrad')?.total;
  return {
    what: 'cold, from import to the first step, without shader caches',
    wanted: '1.0 s',
    found: total && { text: `${figure(total.median)} s`, met: total.median <= 1 },
  };
}

function populationTargets({ population, software = true }: Partial<PlaceReport> = {}): Target[] {
  const row = population?.find(({ members }) => members === 64);
  return [
    {
      what: 'population of 64, software: GFLOP/s, of the large solo step',
      wanted: '100 %',
      found: software && row?.ofLarge ? { text: share(row.ofLarge.median), met: row.ofLarge.median >= 1 } : undefined,
    },
    {
      what: 'population of 64, hardware: time beside one network',
      wanted: 'at most 4x',
      found:
        !software && row?.besideOne ? { text: ratioText(row.besideOne), met: row.besideOne.median <= 4 } : undefined,
    },
  ];
}

function searchTarget({ task, rows }: SearchTable): Target {
  const shares = rows.find(({ strategy }) => strategy === 'halving')?.share;
  const { median } = quartilesOf((shares ?? []).map((each) => each ?? Number.POSITIVE_INFINITY));
  return {
    what: `search, ${task}: share of random's budget after which halving has random's loss`,
    wanted: share(1 / 3),
    found: { text: shareText(median), met: median <= 1 / 3 },
  };
}

function sizeTargets({ size }: Report): Target[] {
  const row = size?.find(({ engine }) => engine === 'wgrad');
  return [
    {
      what: 'bundle of a trainer, gzipped',
      wanted: '25 kB',
      found: row && { text: `${figure(row.gzipped / 1000)} kB`, met: row.gzipped <= 25_000 },
    },
  ];
}
