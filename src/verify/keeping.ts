import { brokenGuards } from '../debug/stored.js';
import type { GpuEngine } from '../gpu/engine.js';
import type { HostContext } from '../graph/step.js';
import { input, multiply, state, sumAll, Trace } from '../ops/index.js';
import { Random } from '../random/random.js';
import { Findings } from './check.js';

/** States beside the large one: more than the 32 whose flags share a word. */
const SMALL_STATES = 34;
/** More quads than one workgroup copies. */
const [ROWS, COLUMNS] = [70, 67];
/** Fewer than steps are taken, so that the window of flags wraps around the ring. */
const SLOTS = 3;

/** Numbers that are not finite, and how each comes about. */
const BAD = [Number.NaN, Infinity, -Infinity];

/**
 * Non-finite numbers are flagged by the kernel that stores them, and the last good state is kept of just those members
 * in which the last steps flagged nothing. Every step makes the large state anew from the member's own input; member 0
 * is spoiled before the window of steps that decides, member 1 in it, member 2 never.
 */
export async function checkKeeping(engine: GpuEngine, seed: number): Promise<Findings> {
  const trace = new Trace();
  const factor = input(trace, 'factor', ROWS, COLUMNS, 'f32', { perMember: true });
  const scale = input(trace, 'scale', 1, 3, 'f32', { perMember: true });
  const large = state(trace, 'large', ROWS, COLUMNS);
  const small = Array.from({ length: SMALL_STATES }, (_, i) => state(trace, `small${i}`, 1, 3));
  const updates = [
    { state: large, value: multiply(factor, factor) },
    ...small.map((each) => ({ state: each, value: multiply(each, scale) })),
  ];
  const members = 3;
  const executor = engine.createExecutor({ members, guards: 1, slots: SLOTS, debug: false });
  try {
    const program = await executor.compile({ updates, metrics: [sumAll(scale)], outputs: [] }, new Map(), {
      watch: true,
    });
    const random = new Random(seed);
    const findings = new Findings();
    const context: HostContext = { seed: [0, 0], step: 0, sample: 0, start: 0, count: 1, hyper: {} };
    const contexts = Array.from({ length: members }, () => context);
    const states = [large, ...small];
    const readAll = () => Promise.all(Array.from({ length: members }, (_, member) => executor.read(states, member)));
    const step = async (bad: (member: number) => number | undefined) => {
      for (let member = 0; member < members; member++) {
        const factors = random.floats(ROWS * COLUMNS, 0.5, 1.5);
        const spoiled = bad(member);
        if (spoiled !== undefined) factors[Math.floor(random.next() * factors.length)] = spoiled;
        executor.write(factor, factors, member);
        executor.write(scale, random.floats(3, 0.5, 1.5), member);
      }
      program.run([contexts]);
      const [rows] = await program.metrics(1);
      for (const [member, row] of rows.entries()) {
        const want = bad(member) === undefined ? undefined : 'large';
        findings.compared++;
        findings.demand(row.bad === want, `member ${member} flagged ${row.bad}, not ${want}`);
      }
    };
    let kept: readonly Float32Array[][] = [];
    const restored = async (when: string, want: readonly Float32Array[][]) => {
      program.keep(2);
      executor.restore();
      kept = await readAll();
      for (const [member, own] of kept.entries()) {
        for (const [i, words] of own.entries()) {
          const where = `${states[i].attributes.name} of member ${member}, after ${when} and restore (is, should be)`;
          findings.equal(where, bits(words), bits(want[member][i]));
        }
      }
    };
    for (const bad of BAD) {
      for (let member = 0; member < members; member++) {
        for (const each of states) executor.write(each, random.floats(each.rows * each.cols, 0.5, 1.5), member);
      }
      executor.keep();
      const start = await readAll();
      const spoiled = [undefined, 0, 1, undefined];
      for (const which of spoiled) await step((member) => (member === which ? bad : undefined));
      const now = await readAll();
      await restored(String(bad), [now[0], start[1], now[2]]);
    }
    // The last of many flags, in the last step: its bit is in the second word.
    const before = kept;
    executor.write(small[SMALL_STATES - 1], Float32Array.of(1, 1, Infinity), 1);
    program.run([contexts]);
    const [rows] = await program.metrics(1);
    const flagged = rows.map(({ bad }) => bad ?? 'nothing').join(', ');
    const last = `small${SMALL_STATES - 1}`;
    findings.demand(
      flagged === `nothing, ${last}, nothing`,
      `the members flagged ${flagged}, not nothing, ${last}, nothing`,
    );
    const now = await readAll();
    await restored(`a bad ${last}`, [now[0], before[1], now[2]]);
    for (const { name } of await brokenGuards(executor))
      findings.demand(false, `a guard row of ${name} was written to`);
    return findings;
  } finally {
    executor.dispose();
  }
}

function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
