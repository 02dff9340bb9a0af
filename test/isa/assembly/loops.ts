import type { Jump, Listing } from './listing.js';

/** A piece of a listing that is left at its end only: instructions [start, end). */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly next: number[];
  readonly before: number[];
}

/** Returns the blocks of a listing, which jumps and ends cut. */
function blocksOf({ instructions, jumps }: Listing): Block[] {
  const count = instructions.length;
  const starts = new Set([0, ...jumps.flatMap(({ from, to }) => [from + 1, to])]);
  for (const [i, { ends }] of instructions.entries()) if (ends) starts.add(i + 1);
  const sorted = [...starts].filter((start) => start < count).sort((a, b) => a - b);
  const blocks = sorted.map((start, i): Block => ({ start, end: sorted[i + 1] ?? count, next: [], before: [] }));
  const at = new Map(blocks.map(({ start }, i) => [start, i]));
  const jumpAt = new Map<number, Jump>(jumps.map((jump) => [jump.from, jump]));
  for (const [i, { end, next }] of blocks.entries()) {
    const jump = jumpAt.get(end - 1);
    const target = jump && at.get(jump.to);
    if (target !== undefined) next.push(target);
    const goesOn = jump ? jump.falls : !instructions[end - 1].ends;
    if (goesOn && i + 1 < blocks.length) next.push(i + 1);
  }
  const reached = new Set([0]);
  for (const i of reached) for (const next of blocks[i].next) reached.add(next); // a set visits what is added to it
  for (const i of reached) for (const next of blocks[i].next) blocks[next].before.push(i);
  return blocks;
}

/** Returns the blocks that every way to a block passes, itself included; of blocks that nothing reaches: all. */
function dominatorsOf(blocks: readonly Block[]): readonly ReadonlySet<number>[] {
  const all = new Set(blocks.keys());
  const dominators: ReadonlySet<number>[] = blocks.map((_, i) => (i === 0 ? new Set([0]) : all));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, { before }] of blocks.entries()) {
      if (i === 0 || before.length === 0) continue;
      const [first, ...others] = before.map((from) => dominators[from]);
      const common = new Set([...first].filter((each) => others.every((set) => set.has(each)))).add(i);
      if (common.size !== dominators[i].size) {
        dominators[i] = common;
        changed = true;
      }
    }
  }
  return dominators;
}

/**
 * Returns the natural loops of a listing, as sets of indices of instructions: a jump back to a block that every way to it
 * passes closes a loop, and what comes from there to the jump is its body. Jumps back to one block are one loop.
 */
export function loopsOf(listing: Listing): readonly ReadonlySet<number>[] {
  if (listing.instructions.length === 0) return [];
  const blocks = blocksOf(listing);
  const dominators = dominatorsOf(blocks);
  const bodies = new Map<number, Set<number>>();
  for (const [head, { before }] of blocks.entries()) {
    for (const tail of before.filter((from) => dominators[from].has(head))) {
      const body = bodies.get(head) ?? new Set([head]);
      bodies.set(head, body);
      const open = [tail];
      for (let block = open.pop(); block !== undefined; block = open.pop()) {
        if (body.has(block)) continue;
        body.add(block);
        open.push(...blocks[block].before);
      }
    }
  }
  return [...bodies.values()].map((body) => new Set([...body].flatMap((i) => rangeOf(blocks[i].start, blocks[i].end))));
}

const rangeOf = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);
