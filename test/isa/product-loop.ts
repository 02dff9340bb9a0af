import { type Counts, isInside, type Loop, type ShaderCounts, sumOf } from './assembly/counts.js';
import type { ModuleFacts } from './spirv.js';

/** The tile of y of a workgroup, and the steps of k that it stages at once where that is known. */
export type Tile = readonly [rows: number, columns: number, steps?: number];

/** The loop of a product. */
export interface ProductLoop {
  /** The innermost loop that multiplies. */
  readonly inner: Counts;
  /** One turn of the loop over k, with what it stages. */
  readonly turn: Counts;
  /** False: the turns of the inner loop are unknown, and `turn` is the inner loop alone. */
  readonly whole: boolean;
}

/** Returns the innermost loop around another, or that loop itself, that stores in workgroup memory. */
function stagingLoop(loops: readonly Loop[], inner: Loop): Loop | undefined {
  return loops
    .filter(({ body, own }) => own.sharedStores > 0 && (body === inner.body || isInside(inner.body, body)))
    .reduce<Loop | undefined>((least, loop) => (least && least.body.size <= loop.body.size ? least : loop), undefined);
}

/** Returns the loop over k; undefined if no loop multiplies. What rides on a product may multiply in a loop too, but less. */
export function productLoop({ loops }: ShaderCounts, { lanes }: ModuleFacts, tile?: Tile): ProductLoop | undefined {
  const ranked = loops
    .filter(({ own }) => own.multiplyAdds > 0)
    .map((loop) => ({ loop, staging: stagingLoop(loops, loop), share: loop.own.multiplyAdds / loop.own.issued }));
  if (ranked.length === 0) return undefined;
  const { loop, staging } = ranked.reduce((best, each) => {
    const isStaged = Number(each.staging !== undefined) - Number(best.staging !== undefined);
    return isStaged > 0 || (isStaged === 0 && each.share > best.share) ? each : best;
  });
  const inner = loop.own;
  if (staging === undefined || staging === loop) return { inner, turn: inner, whole: loop.innermost };
  const turns = turnsOf(inner, staging.own, lanes, tile);
  if (!turns) return { inner, turn: inner, whole: false };
  return { inner, turn: sumOf(staging.own, inner, turns), whole: true };
}

/** The multiply-adds of a staged tile are those of all lanes, so they tell how often the inner loop turns. */
function turnsOf(inner: Counts, outer: Counts, lanes: number, tile: Tile | undefined): number {
  if (!tile || lanes === 0) return 0;
  const [rows, columns, steps = (outer.sharedWords * lanes) / (rows + columns)] = tile;
  return Math.max((rows * columns * steps) / lanes - outer.multiplyAdds, 0) / inner.multiplyAdds;
}
