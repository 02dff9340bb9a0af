import type { Rival } from './contender.js';
import { countOf, figure, ratioText, share } from './figures.js';
import { nameOf } from './network.js';
import type { PlaceReport, Report } from './report.js';
import { asGood, type SearchRow } from './search-suite.js';
import type { Spread } from './spread.js';
import type { StepTable } from './step-suite.js';
import type { Table } from './table.js';

/** A measurement, and true if it meets its target; undefined if there is none. */
type Found = { readonly text: string; readonly met?: boolean } | undefined;

/** A target and the result. */
type Target = readonly [what: string, wanted: string, found: Found];

/** Every target of the suites that were run beside what was measured. */
export function targetTables(report: Report): Table[] {
  const node = report.places.find((place) => !inChromium(place));
  const page = report.places.find(inChromium);
  const place: Place = node ?? page ?? {};
  const targets: Target[] = [
    ...(node?.step || page?.step ? [...stepTargets(node ?? {}, page ?? {}), ...callTargets(place)] : []),
    ...(place.matmul ? productTargets(place) : []),
    ...(place.probes ? [memoryTarget(place)] : []),
    ...(report.cold ? [coldTarget(report)] : []),
    ...(place.sweep ? populationTargets(place) : []),
    ...searchTargets(place),
    ...(report.size ? [sizeTarget(report)] : []),
  ];
  if (targets.length === 0) return [];
  const rows = targets.map(([what, wanted, found]) => [
    what,
    wanted,
    found?.text ?? 'not measured in this run',
    found?.met === undefined ? '' : found.met ? 'yes' : 'no',
  ]);
  return [{ title: 'Targets', wide: true, head: ['what', 'target', 'measured', 'met'], rows }];
}

type Place = Partial<PlaceReport>;

const onLavapipe = ({ adapter = '' }: Place) => /llvmpipe/i.test(adapter);
const inChromium = ({ host }: PlaceReport) => host.startsWith('Chromium');

/** Returns what was measured with a number that must be at least `least`. */
const atLeast = (least: number, measured: number | undefined, text: (measured: number) => string): Found =>
  measured === undefined ? undefined : { text: text(measured), met: measured >= least };

/** Returns the one of these that does worst. */
const worst = <T>(all: readonly T[], of: (each: T) => number) => all.toSorted((a, b) => of(a) - of(b)).at(0);

function stepTargets(node: Place, chromium: Place): Target[] {
  // Steps with the batch on the device.
  const tableOf = ({ step = [] }: Place, name: string): StepTable | undefined =>
    step.find(({ network, feed }) => feed === 'resident' && nameOf(network) === name && network.batchSize === 64);
  const lavapipe = onLavapipe(node) ? tableOf(node, '784-128-10') : undefined;
  const large = onLavapipe(node) ? tableOf(node, '784-512-512-10') : undefined;
  const page = tableOf(chromium, '784-128-10');
  const beside = (what: string, table: StepTable | undefined, rival: Rival, times?: number): Target => {
    const ratio = table?.rows.find(({ engine }) => engine === rival)?.ratio;
    const found = ratio && { text: ratioText(ratio), ...(times && { met: ratio.median >= times }) };
    return [`step ${what}: beside ${rival}`, times ? `${times}x` : 'no target', found];
  };
  // Those that the target was set by. jax-wasm, which computes in WebAssembly, is listed by itself.
  const rivals = large?.rows.flatMap(({ engine, ratio }) =>
    engine !== 'wgrad' && engine !== 'jax-wasm' && ratio ? [{ engine, ratio }] : [],
  );
  const best = worst(rivals ?? [], ({ ratio }) => ratio.median);
  return [
    beside('784-128-10, lavapipe', lavapipe, 'jax-webgpu', 7),
    beside('784-128-10, lavapipe', lavapipe, 'tfjs-webgpu', 15),
    beside('784-128-10, lavapipe', lavapipe, 'tfjs-wasm', 4),
    beside('784-128-10, Chromium', page, 'jax-webgpu', 3),
    beside('784-128-10, Chromium', page, 'tfjs-webgpu', 18),
    beside('784-128-10, Chromium', page, 'tfjs-wasm', 1),
    [
      'step 784-512-512-10, lavapipe: beside the best of the three',
      '5x',
      best && { text: `${ratioText(best.ratio)}, ${best.engine}`, met: best.ratio.median >= 5 },
    ],
    beside('784-128-10, lavapipe', lavapipe, 'jax-wasm'),
    beside('784-512-512-10, lavapipe', large, 'jax-wasm'),
    beside('784-128-10, Chromium', page, 'jax-wasm'),
  ];
}

function callTargets({ step = [] }: Place): Target[] {
  const table = step.find(({ network, feed }) => network.sizes.length === 4 && feed === 'resident');
  const calls = table?.rows.find(({ engine }) => engine === 'wgrad')?.calls;
  const atMost = (most: number, count: number | undefined): Found =>
    count === undefined ? undefined : { text: countOf(count), met: count <= most };
  return [
    ['dispatches a step, three dense layers, data on the GPU', '8 and 1 gather', atMost(9, calls?.dispatches)],
    ['submits of one more step', '0: one for many', atMost(0, calls?.submits)],
    ['bind groups made a step', '0', atMost(0, calls?.bindGroups)],
    ['buffers made a step', '0', atMost(0, calls?.buffers)],
  ];
}

function productTargets(place: Place): Target[] {
  const products = (place.matmul ?? []).flatMap(({ form, size, rows }) => {
    const row = rows.find(({ engine }) => engine === 'wgrad');
    return row?.gflops ? [{ name: `${form} at ${size}`, size, gflops: row.gflops, ofProbe: row.ofProbe }] : [];
  });
  const small = onLavapipe(place) ? products.filter(({ size }) => size <= 1024) : [];
  const large = place.software === false ? products.filter(({ size, ofProbe }) => size >= 2048 && ofProbe) : [];
  const slow = worst(small, ({ gflops }) => gflops.median);
  const slowLarge = worst(large, ({ ofProbe }) => ofProbe?.median ?? 0);
  return [
    [
      'products of 512 and 1024, lavapipe: the slowest form',
      '12 GFLOP/s',
      atLeast(12, slow?.gflops.median, (median) => `${figure(median)} GFLOP/s, ${slow?.name}`),
    ],
    [
      'products of 2048 and more, hardware: the slowest form, of the multiply-add probe',
      '70 %',
      atLeast(0.7, slowLarge?.ofProbe?.median, (median) => `${share(median)}, ${slowLarge?.name}`),
    ],
  ];
}

function memoryTarget({ probes }: Place): Target {
  const slow = worst(probes?.tables.at(-1)?.rows ?? [], ({ ofCopy }) => ofCopy.median);
  const found = atLeast(0.8, slow?.ofCopy.median, (median) => `${share(median)}, ${slow?.what.replace(/ \[.*/, '')}`);
  return ['optimisers, elementwise, reductions: the slowest, of the copy probe', '80 %', found];
}

function coldTarget({ cold }: Report): Target {
  const total = cold?.find(({ engine }) => engine === 'wgrad')?.total;
  const found = total && { text: `${figure(total.median)} s`, met: total.median <= 1 };
  return ['cold, from import to the first step, without shader caches', '1.0 s', found];
}

function populationTargets({ sweep = [], software = true }: Place): Target[] {
  const row = sweep.at(0)?.sizes.find(({ members }) => members === 64);
  const ofLarge: Spread | undefined = software ? row?.ofLarge : undefined;
  const besideOne = software ? undefined : row?.ratio;
  return [
    ['population of 64, software: GFLOP/s, of the large solo step', '100 %', atLeast(1, ofLarge?.median, share)],
    [
      'population of 64, hardware: time beside one network',
      'at most 4x',
      besideOne && { text: ratioText(besideOne), met: besideOne.median <= 4 },
    ],
  ];
}

/** The share of the seeds in which a search must be as good as random search, and in which it may be worse by chance. */
const MOST = 0.8;
/** Tasks on which it must be so. */
const TASKS = 4;

function searchTargets({ search = [] }: Place): Target[] {
  const [first] = search;
  if (!first) return [];
  const tasksOn = (i: number, holds: (row: SearchRow) => boolean) => search.filter(({ rows }) => holds(rows[i])).length;
  return first.rows.flatMap(({ strategy, share }, i): Target[] => {
    if (strategy === 'random') return [];
    const of = `of ${search.length}`;
    if (share < 1) {
      const tasks = tasksOn(i, (row) => asGood(row) >= MOST * row.ratios.length);
      const what = `search, ${strategy}: tasks on which a third of random's budget finds its loss in 8 of 10 seeds`;
      return [[what, `${TASKS} ${of}`, { text: `${tasks} ${of}`, met: tasks >= TASKS }]];
    }
    const tasks = tasksOn(i, (row) => row.ratios.length - asGood(row) > MOST * row.ratios.length);
    const what = `search, ${strategy}: tasks on which it is worse than random at equal budget in more than 8 of 10 seeds`;
    return [[what, `0 ${of}`, { text: `${tasks} ${of}`, met: tasks === 0 }]];
  });
}

function sizeTarget({ size }: Report): Target {
  const row = size?.find(({ engine }) => engine === 'wgrad');
  const found = row && { text: `${figure(row.gzipped / 1000)} kB`, met: row.gzipped <= 25_000 };
  return ['bundle of a trainer, gzipped', '25 kB', found];
}
