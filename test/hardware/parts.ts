import type { Report } from '../../src/verify.js';

/** A part of the run: a process of its own, so that a device that is lost ends one part alone. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Its share of the time, as seconds of ten minutes; what it does not need goes to the next ones. */
  readonly seconds: number;
  /** Its arguments for `part.ts`, without `--json` and `--adapter`. */
  arguments(seconds: number): readonly string[];
  /** The command that a person would type for it alone; undefined if there is none. */
  command?(args: readonly string[]): string;
  /** True if a result says that time was short, which is no failure. */
  isCut?(result: unknown): boolean;
}

const bench = (suite: string, title: string, seconds: number): Part => ({
  name: `bench-${suite}`,
  title,
  seconds,
  arguments: () => ['bench', '--suite', suite, '--rounds', '5'],
  command: (args) => `npm run ${['bench', '--', ...args.slice(1)].join(' ')}`,
});

/** Every part, in the order in which they run: what says most about a device first. */
export const PARTS: readonly Part[] = [
  { name: 'device', title: 'Device, dispatches and peaks', seconds: 30, arguments: () => ['device'] },
  {
    name: 'verify',
    title: 'Every kernel and training step against float64',
    seconds: 100,
    arguments: (seconds) => ['verify', '--seconds', String(Math.max(1, Math.floor(0.7 * seconds)))],
    command: (args) => `npm run ${['verify', '--', ...args.slice(1)].join(' ')}`,
    isCut: (result) => (result as Report | null)?.passed === true,
  },
  {
    name: 'products',
    title: 'Products in every form and variant, as a share of the multiply-add peak',
    seconds: 110,
    arguments: () => ['products'],
  },
  { name: 'autotune', title: 'Variants in the steps of two networks', seconds: 40, arguments: () => ['autotune'] },
  bench('step', 'Training steps, beside TensorFlow.js and jax-js', 60),
  bench('probes', 'Each dispatch of a step beside the limits of the device', 40),
  bench('matmul', 'Products, beside TensorFlow.js and jax-js', 60),
  bench('sweep', 'Populations', 50),
  bench('cold', 'The first step of a fresh process', 30),
  {
    name: 'reproduce',
    title: 'A table of a paper at its own scale',
    seconds: 80,
    arguments: () => ['reproduce', '--scale', '1'],
    command: (args) => `npm run ${['reproduce', '--', ...args.slice(1)].join(' ')}`,
  },
  bench('search', 'Strategies of search', 0), // hours without a GPU: for a longer run, or where others were quick
];
