/**
 * Every random number of training and of searches, computed from docs/reference/randomness.md alone. This file imports
 * nothing: whoever changes it reads the page, not the code.
 */

const SIZE = 2 ** 32;

/** The four words of Philox4x32-10 for a seed and a counter. */
export function words(seed: number | bigint, counter: readonly [number, number, number, number]): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt);
  const mask = 0xffffffffn;
  let k0 = BigInt(seed) & mask;
  let k1 = BigInt(seed) >> 32n;
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * c0;
    const second = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(second >> 32n) ^ c1 ^ k0, second & mask, (first >> 32n) ^ c3 ^ k1, first & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

/** Word n of a run of quads, the rest of the counter being fixed. */
function wordAt(seed: number | bigint, n: number, step: number, layer: number, stream: number, sample = 0): number {
  return words(seed, [Math.floor(n / 4), step, layer + 2 ** 24 * stream, sample])[n % 4];
}

/** The nearest integer, the larger one of two. */
const nearest = (x: number) => Math.floor(x + 0.5);

/** Returns the threshold: an element is dropped if its word is below it. */
export const threshold = (rate: number) => nearest(rate * SIZE);

/** A dropout mask [rows, cols]: 1 where the element is kept. */
export function mask(
  seed: number | bigint,
  of: { step: number; layer: number; sample: number; rows: number; cols: number; rate: number },
): number[] {
  const { step, layer, sample, rows, cols, rate } = of;
  const quads = Math.ceil(cols / 4);
  return Array.from({ length: rows * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const quad = row * quads + Math.floor(col / 4);
    return words(seed, [quad, step, layer, sample])[col % 4] < threshold(rate) ? 0 : 1;
  });
}

/** The factor of kept values. */
export const keptFactor = (rate: number) => Math.fround(1 / (1 - rate));

/** The variances of the initializers. */
export const variances: Record<string, (fanIn: number, fanOut: number) => number> = {
  he: (fanIn) => 2 / fanIn,
  glorot: (fanIn, fanOut) => 2 / (fanIn + fanOut),
  lecun: (fanIn) => 1 / fanIn,
};

/** Initial weights [fanIn, fanOut] of parameter `index`, uniform. */
export function uniformWeights(seed: number | bigint, index: number, count: number, v: number): number[] {
  const a = Math.sqrt(3 * v);
  return Array.from({ length: count }, (_, i) => {
    const u = (wordAt(seed, i, 0, index, 1) >>> 8) * 2 ** -24;
    return Math.fround(-a + 2 * a * u);
  });
}

/** Initial weights of parameter `index`, normal. */
export function normalWeights(seed: number | bigint, index: number, count: number, v: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const u1 = (wordAt(seed, 2 * i, 0, index, 1) + 1) * 2 ** -32;
    const u2 = wordAt(seed, 2 * i + 1, 0, index, 1) * 2 ** -32;
    return Math.fround(Math.sqrt(v) * Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2));
  });
}

/** The order of the data in an epoch. */
export function order(seed: number | bigint, epoch: number, n: number): number[] {
  const p = Array.from({ length: n }, (_, i) => i);
  let taken = 0;
  for (let i = n - 1; i >= 1; i--) {
    let word = wordAt(seed, taken++, epoch, 0, 2);
    while (!(word < Math.floor(SIZE / (i + 1)) * (i + 1))) word = wordAt(seed, taken++, epoch, 0, 2);
    const j = word % (i + 1);
    [p[i], p[j]] = [p[j], p[i]];
  }
  return p;
}

/** The rows of both parts of a split. */
export function splitRows(seed: number | bigint, n: number, validation: number) {
  const count = validation < 1 ? nearest(validation * n) : validation;
  const p = order(seed, SIZE - 1, n);
  return { validation: p.slice(0, count), train: p.slice(count) };
}

/** The fold of every row. */
export function foldOfRows(seed: number | bigint, n: number, folds: number, classes?: readonly number[]): number[] {
  const p = order(seed, SIZE - 2, n);
  const fold = new Array<number>(n);
  if (classes === undefined) for (let i = 0; i < n; i++) fold[p[i]] = Math.floor((i * folds) / n);
  else {
    let i = 0;
    for (let c = 0; c <= Math.max(...classes); c++)
      for (const row of p) if (classes[row] === c) fold[row] = i++ % folds;
  }
  return fold;
}

/** The numbers that a search draws in a round, one after the other. */
export function numbers(seed: number | bigint, round: number): () => number {
  let i = 0;
  return () => wordAt(seed, i++, round, 0, 4) * 2 ** -32;
}

/** A distribution as plain data. */
export type Plain =
  | { kind: 'uniform' | 'logUniform' | 'integer'; low: number; high: number }
  | { kind: 'choice'; values: readonly unknown[] };

const between = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** The value that u becomes. */
export function valueAt(of: Plain, u: number): unknown {
  if (of.kind === 'choice') return of.values[Math.floor(of.values.length * u)];
  const { kind, low, high } = of;
  if (kind === 'uniform') return low + (high - low) * u;
  if (kind === 'integer') return low + Math.floor((high - low + 1) * u);
  return between(low ** (1 - u) * high ** u, low, high);
}

/** The points of a grid of n. */
export function gridPoints(of: Plain, n: number): unknown[] {
  if (of.kind === 'choice') return [...of.values];
  const { kind, low, high } = of;
  if (kind === 'integer') {
    const most = Math.min(n, high - low + 1);
    if (most === 1) return [low + Math.floor((high - low) / 2)];
    return Array.from({ length: most }, (_, k) => low + nearest((high - low) * (k / (most - 1))));
  }
  const at = (u: number) => Number(Number(valueAt(of, u)).toPrecision(15));
  if (n === 1) return [at(0.5)];
  return Array.from({ length: n }, (_, k) => (k === 0 ? low : k === n - 1 ? high : at(k / (n - 1))));
}

/** The value that population-based training changes another into, by w. */
export function changed(of: Plain, value: unknown, w: number): unknown {
  if (of.kind === 'choice') {
    const at = of.values.indexOf(value);
    const neighbours = [at - 1, at + 1].filter((i) => i >= 0 && i < of.values.length);
    return of.values[neighbours[Math.floor(neighbours.length * w)]];
  }
  const { kind, low, high } = of;
  const x = Number(value);
  if (kind === 'uniform' && x === 0) return valueAt(of, w);
  const moved = x * (w < 0.5 ? 0.8 : 1.2);
  if (kind !== 'integer') return between(moved, low, high);
  const rounded = nearest(moved);
  const direction = moved > x || (x === 0 && w >= 0.5) ? 1 : -1;
  return between(rounded === x ? x + direction : rounded, low, high);
}

/** The rows of the page's table: d, s, a, m. */
export type Table = readonly (readonly [d: number, s: number, a: number, m: readonly number[]])[];

/** Scrambled Sobol points, from the table of the page and the numbers of a round. */
export function sobolPoints(table: Table, dimensions: number, count: number, next: () => number): number[][] {
  const bits = (x: number) => x.toString(2).padStart(32, '0');
  const axes = Array.from({ length: dimensions }, (_, axis) => {
    const v: number[] = [];
    const row = table.find(([d]) => d === axis + 1);
    for (let k = 0; k < 32; k++) {
      if (!row) v.push(2 ** (31 - k));
      else if (k < row[1]) v.push(row[3][k] * 2 ** (31 - k));
      else {
        const [, s, a] = row;
        let x = v[k - s] ^ Math.floor(v[k - s] / 2 ** s);
        for (let i = 1; i < s; i++) if (Math.floor(a / 2 ** (s - 1 - i)) % 2 === 1) x ^= v[k - i];
        v.push(x >>> 0);
      }
    }
    const digits = v.map(() => '');
    for (let r = 0; r < 32; r++) {
      const row = `${bits(next() * SIZE).slice(0, r)}1`;
      for (let k = 0; k < 32; k++) {
        const common = [...row].filter((digit, at) => digit === '1' && bits(v[k])[at] === '1').length;
        digits[k] += common % 2;
      }
    }
    return { v: digits.map((each) => Number.parseInt(each, 2)), shift: next() * SIZE };
  });
  return Array.from({ length: count }, (_, i) =>
    axes.map(({ v, shift }) => {
      let x = shift;
      const code = bits((i ^ Math.floor(i / 2)) >>> 0);
      for (let k = 0; k < 32; k++) if (code[31 - k] === '1') x ^= v[k];
      return (x >>> 0) * 2 ** -32;
    }),
  );
}

/** A checkpoint, read from docs/reference/file-formats.md alone. */
export function readFile(bytes: Uint8Array) {
  let n = 0;
  for (let i = 7; i >= 0; i--) n = n * 256 + bytes[i];
  const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + n)));
  const tensors: Record<string, { shape: number[]; values: number[] }> = {};
  let end = 0;
  for (const [name, entry] of Object.entries<{ dtype: string; shape: number[]; data_offsets: number[] }>(entries)) {
    const [from, to] = entry.data_offsets;
    if (entry.dtype !== 'F32' || from !== end) throw new Error(`${name} is ${entry.dtype} at ${from}, not at ${end}`);
    end = to;
    const view = new DataView(bytes.slice(8 + n + from, 8 + n + to).buffer);
    const values = Array.from({ length: (to - from) / 4 }, (_, i) => view.getFloat32(4 * i, true));
    tensors[name] = { shape: entry.shape, values };
  }
  if (8 + n + end !== bytes.length) throw new Error(`the tensors end at ${8 + n + end} of ${bytes.length}`);
  const { config, position, hyperParameters, ...rest } = metadata;
  const json = { config: JSON.parse(config), position: JSON.parse(position), hyper: JSON.parse(hyperParameters) };
  return { ...rest, ...json, tensors };
}
