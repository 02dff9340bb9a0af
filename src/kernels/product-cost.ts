import { type Dimensions, tiles } from './kernel.js';

/** A tile of a product: rows and columns of y a workgroup, steps of k in workgroup memory, rows and quads of y a lane. */
export interface Tile {
  readonly tile: number;
  readonly depth: number;
  readonly rows: number;
  readonly quads: number;
  /** The next tiles are fetched before these are multiplied. */
  readonly ahead: boolean;
}

/** The tiles by variant, and the share of multiply-adds in a turn over k: about GA102's at the head of the shader. */
export const TILES = {
  'tiled-16': { tile: 16, depth: 64, rows: 1, quads: 1, ahead: true, share: 0.42 },
  tiled: { tile: 32, depth: 16, rows: 4, quads: 1, ahead: true, share: 0.63 },
  'tiled-64': { tile: 64, depth: 16, rows: 8, quads: 1, ahead: true, share: 0.75 },
  'tiled-128': { tile: 128, depth: 8, rows: 8, quads: 2, ahead: false, share: 0.84 },
} as const satisfies Readonly<Record<string, Tile & { share: number }>>;

/** A GPU as the model sees it. */
export interface Chip {
  readonly cores: number;
  /** Waves of a core that issue in the same cycle. */
  readonly schedulers: number;
  /** Lanes of a wave. */
  readonly wave: number;
  /** Cycles from one instruction of a wave to the next. */
  readonly cycles: number;
  /** Sums that a lane can hold in registers. */
  readonly sums: number;
}

/** Cycles until the loads of a turn have arrived, on all chips. */
const WAIT = 600;
/** Instructions of what rides on a quad of y: bias, activation and stores. */
const EPILOGUE = 40;

/** A middling GPU of each vendor, since an adapter does not tell the number of its cores. Mesa spills on Intel from 32 sums on. */
const CHIPS: Readonly<Record<string, Chip>> = {
  nvidia: { cores: 64, schedulers: 4, wave: 32, cycles: 1, sums: 64 },
  amd: { cores: 60, schedulers: 2, wave: 64, cycles: 2, sums: 64 },
  apple: { cores: 10, schedulers: 4, wave: 32, cycles: 1, sums: 64 },
  qualcomm: { cores: 4, schedulers: 2, wave: 64, cycles: 1, sums: 64 },
  intel: { cores: 16, schedulers: 16, wave: 16, cycles: 2, sums: 16 },
};
const ANY_CHIP: Chip = { cores: 16, schedulers: 4, wave: 32, cycles: 1, sums: 64 };

/** Returns the GPU to assume for a vendor as WebGPU names it. */
export function chipOf(vendor: string): Chip {
  return CHIPS[vendor] ?? ANY_CHIP;
}

/**
 * Returns the cycles that a product of one member takes in tiles, by a model: a core works on its workgroups at once; a turn
 * over k takes as long as all their instructions, and no less than one workgroup's own and its wait for memory. The model knows
 * no caches and no bank conflicts, and has not been checked against hardware.
 */
export function productCycles(name: keyof typeof TILES, { m, n, k }: Dimensions, chip: Chip): number {
  const { tile, depth, rows, quads, ahead, share } = TILES[name];
  const sums = rows * quads * 4;
  if (sums > chip.sums) return Number.POSITIVE_INFINITY;
  const waves = Math.ceil((tile * tile) / sums / chip.wave);
  const workgroups = Math.ceil((tiles(m, tile) * tiles(n, tile)) / chip.cores);
  const rounds = chip.cycles * Math.ceil((workgroups * waves) / chip.schedulers);
  const instructions = (sums * depth) / share;
  const own = chip.cycles * instructions;
  const alone = ahead ? Math.max(own, WAIT) : own + WAIT;
  return WAIT + tiles(k, depth) * Math.max(alone, rounds * instructions) + rounds * EPILOGUE * rows * quads;
}
