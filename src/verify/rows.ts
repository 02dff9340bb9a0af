import { ROWS_SHADERS } from '../gpu/buffer-run.js';
import type { GpuEngine } from '../gpu/engine.js';
import { runShader } from '../gpu/probe.js';
import { shader } from '../plan/shaders.js';
import { Random } from '../random/random.js';
import { Findings } from './check.js';

/** Rows and columns of the memory's tensor, its first quad, and the caller's rows with the first one that is copied. */
interface Part {
  readonly rows: number;
  readonly cols: number;
  readonly base: number;
  readonly all: number;
  readonly first: number;
}

/** One value, broken and whole quads, a first part, the last one, a part that ends inside, many rounds of lanes. */
const PARTS: readonly Part[] = [
  [1, 1, 0, 1, 0],
  [3, 5, 2, 10, 0],
  [7, 8, 1, 21, 14],
  [16, 3, 4, 41, 32],
  [33, 9, 0, 60, 33],
].map(([rows, cols, base, all, first]) => ({ rows, cols, base, all, first }));

/** Fewer than there are values of the larger parts, so that an invocation copies several. */
const LANES = 64;
/** Bits that stand where nothing may be written: a NaN. */
const UNTOUCHED = 0x7fc01234;

/** Returns what the shaders between a caller's rows and the padded ones of the memory do wrong: they copy, bit by bit. */
export async function checkRows(engine: GpuEngine, seed: number): Promise<Findings> {
  const findings = new Findings();
  const random = new Random(seed);
  const draw = (length: number) => Uint32Array.from({ length }, () => Math.floor(random.next() * 2 ** 32) & 0x7f7fffff);
  for (const { rows, cols, base, all, first } of PARTS) {
    const padded = 4 * Math.ceil(cols / 4);
    const size = 4 * base + rows * padded + 8;
    const copy = async (name: string, numbers: Uint32Array<ArrayBuffer>, want: Uint32Array<ArrayBuffer>) => {
      const before = new Uint32Array(want.length).fill(UNTOUCHED);
      const words = Uint32Array.of(cols, rows, base, first);
      const lone = { label: name, wgsl: shader(ROWS_SHADERS, name), lanes: LANES, numbers, words, before };
      const got = new Uint32Array(await runShader(engine, { ...lone, resultBytes: before.byteLength }));
      findings.equal(`${name}, rows=${rows},cols=${cols} from ${first} of ${all} (is, should be)`, got, want);
    };
    const places = Array.from({ length: rows * cols }, (_, i) => ({
      tight: first * cols + i,
      own: 4 * base + Math.floor(i / cols) * padded + (i % cols),
    })).filter(({ tight }) => tight < all * cols);

    const tight = draw(all * cols);
    const intoMemory = new Uint32Array(size).fill(UNTOUCHED);
    intoMemory.fill(0, 4 * base, 4 * base + rows * padded);
    for (const { tight: from, own } of places) intoMemory[own] = tight[from];
    await copy('pad-rows', tight, intoMemory);

    const memory = draw(size);
    const intoCaller = new Uint32Array(all * cols).fill(UNTOUCHED);
    for (const { tight: to, own } of places) intoCaller[to] = memory[own];
    await copy('unpad-rows', memory, intoCaller);
  }
  return findings;
}
