import type { Dimensions } from '../kernels/index.js';

/** A variant of the kernel of a shape, and its times. */
export interface TunedCandidate {
  readonly variant: string;
  /** True if it stores the bits of the planner's own choice; another variant is never taken. */
  readonly sameBits: boolean;
  /** Microseconds of a dispatch, the median of the rounds and the least; null if it was not timed. */
  readonly median: number | null;
  readonly least: number | null;
}

/** A kernel at some sizes, as one dispatch or several of a training step compute it. */
export interface TunedShape {
  /** Both in a word, such as 'matmul-nn m=64,k=784,n=128'. */
  readonly name: string;
  readonly kernel: string;
  readonly sizes: Dimensions;
  /** The dispatches, as the planner has them by itself. */
  readonly dispatches: readonly string[];
  /** The variant that the planner chooses by itself, and the one that it chooses from now on. */
  readonly planned: string;
  readonly chosen: string;
  /** The origin of the choice: 'planner' if the time was over. */
  readonly from: 'measured' | 'store' | 'planner';
  readonly candidates: readonly TunedCandidate[];
}

/** The result of tuning: plain data, and text as `${tuning}`. */
export interface Tuning {
  readonly adapter: string;
  /** The reason why nothing was tuned; null if something could be. */
  readonly skipped: string | null;
  /** Every shape of the step for which there are several variants. */
  readonly shapes: readonly TunedShape[];
  readonly seconds: number;
  toString(): string;
}

/** Returns a tuning as text. */
export function tuningText({ adapter, skipped, shapes, seconds }: Tuning): string {
  const count = `${shapes.length} ${shapes.length === 1 ? 'shape' : 'shapes'}`;
  const head = `autotune on ${adapter}: ${skipped ?? `${count} in ${seconds.toFixed(1)} s`}`;
  return [head, ...shapes.flatMap(shapeLines)].join('\n');
}

function shapeLines({ name, planned, chosen, from, candidates }: TunedShape): string[] {
  const why = {
    measured: chosen === planned ? 'as planned' : `planned was ${planned}, ${gain(candidates, planned, chosen)}`,
    store: `from the store, planned was ${planned}`,
    planner: 'as planned: the time was over',
  };
  return [
    `  ${name}: ${chosen}, ${why[from]}`,
    ...candidates.map(({ variant, sameBits, median, least }) => {
      const time =
        median === null || least === null ? 'not timed' : `${median.toFixed(1)} µs, at least ${least.toFixed(1)}`;
      return `      ${variant.padEnd(10)} ${sameBits ? time : 'stores other bits'}`;
    }),
  ];
}

function gain(candidates: readonly TunedCandidate[], planned: string, chosen: string): string {
  const of = (name: string) => candidates.find(({ variant }) => variant === name)?.median ?? Number.NaN;
  return `${(of(planned) / of(chosen)).toFixed(2)} times as long`;
}
