import type { GpuEngine } from '../gpu/engine.js';
import { judgeWindow, type Kept, startKept } from '../graph/keep-rule.js';
import type { HostContext } from '../graph/step.js';
import { BATCH_WORDS, bitsFromFloat, input, multiply, state, TILE_ROWS, Trace, tileSums, words } from '../ops/index.js';
import { Random } from '../random/random.js';
import { Findings } from './check.js';

/** States beside the large one: more than the 32 whose flags share a word. */
const SMALL_STATES = 34;
/** More quads than one workgroup copies. */
const [ROWS, COLUMNS] = [70, 67];
/** Steps of a window; the ring has no more slots, so that windows wrap around it. */
const SLOTS = 5;
const WINDOWS = 24;
/** Mean losses of a good window and of a bad one, which cannot be mistaken by rounding. */
const [LOW, HIGH] = [1, 5];
/** Rows whose losses are summed in as many tiles as the ring has slots, so that a slot taken for a tile shows. */
const LOSSES = TILE_ROWS * SLOTS - 10;
/** Numbers that are not finite. */
const BAD = [Number.NaN, Infinity, -Infinity];

/** The kind of a window. A member has a list of them, whose last one repeats. */
type Fate = 'good' | 'bad' | 'spoiled';

/**
 * Non-finite numbers are flagged by the kernel that stores them, and good states are kept by the rule, of each member by
 * itself: of one whose windows are all good, of one that is good and bad in turns, of one that is drawn, and of one that is
 * spoiled half-way. Every step makes the large state anew from the member's own input.
 */
export async function checkKeeping(engine: GpuEngine, seed: number): Promise<Findings> {
  const trace = new Trace();
  const own = { perMember: true };
  const factor = input(trace, 'factor', ROWS, COLUMNS, 'f32', own);
  const scale = input(trace, 'scale', 1, 3, 'f32', own);
  const losses = input(trace, 'losses', LOSSES, 1, 'f32', own);
  const batch = words(trace, 'batch', BATCH_WORDS);
  const large = state(trace, 'large', ROWS, COLUMNS);
  const small = Array.from({ length: SMALL_STATES }, (_, i) => state(trace, `small${i}`, 1, 3));
  const states = [large, ...small];
  const updates = [
    { state: large, value: multiply(factor, factor) },
    ...small.map((each) => ({ state: each, value: multiply(each, scale) })),
  ];
  const random = new Random(seed);
  const draw = (): Fate => (random.next() < 0.6 ? 'good' : 'bad');
  const fates: readonly ((window: number) => Fate)[] = [
    () => 'good',
    (window) => (window % 2 ? 'bad' : 'good'),
    draw,
    (window) => (window === WINDOWS / 2 ? 'spoiled' : draw()),
  ];
  const members = fates.length;
  // No guard rows between members: what one's copy writes too far must change another's.
  const executor = engine.createExecutor({ members, slots: SLOTS, debug: false });
  try {
    const options = { watch: true, keeps: true };
    const scalars = new Map([[batch, () => [LOSSES, bitsFromFloat(1 / LOSSES)]]]);
    const program = await executor.compile(
      { updates, metrics: [tileSums(losses, batch)], outputs: [] },
      scalars,
      options,
    );
    const findings = new Findings();
    const readAll = () => Promise.all(fates.map((_, member) => executor.read(states, member)));
    const spoiledBy = BAD[Math.floor(random.next() * BAD.length)];
    const step = async (number: number, each: readonly Fate[], spoils: boolean, isHigh: boolean) => {
      for (const [member, fate] of each.entries()) {
        const factors = random.floats(ROWS * COLUMNS, 0.5, 1.5);
        if (spoils && fate === 'spoiled') factors[Math.floor(random.next() * factors.length)] = spoiledBy;
        executor.write(factor, factors, member);
        executor.write(scale, random.floats(3, 0.5, 1.5), member);
        const rows = new Float32Array(LOSSES).fill(LOW / LOSSES);
        if (isHigh && fate === 'bad') rows[Math.floor(random.next() * LOSSES)] += (HIGH - LOW) * SLOTS;
        executor.write(losses, rows, member);
      }
      program.run([fates.map(() => ({ ...CONTEXT, step: number }))]);
      const [rows] = await program.metrics(1);
      for (const [member, row] of rows.entries()) {
        const want = spoils && each[member] === 'spoiled' ? 'large' : undefined;
        findings.compared++;
        findings.demand(row.bad === want, `member ${member} flagged ${row.bad}, not ${want}`);
      }
    };
    for (let member = 0; member < members; member++) {
      for (const each of states) executor.write(each, random.floats(each.rows * each.cols, 0.5, 1.5), member);
    }
    executor.keep(0);
    const start = await readAll();
    const slots = start.map((own): [Float32Array[], Float32Array[]] => [own, own]);
    let kept: Kept[] = fates.map(() => startKept(0));
    for (let window = 0; window < WINDOWS; window++) {
      const each = fates.map((fate) => fate(window));
      const spoiled = Math.floor(random.next() * SLOTS);
      const high = Math.floor(random.next() * SLOTS);
      for (let i = 0; i < SLOTS; i++) await step(window * SLOTS + i, each, i === spoiled, i === high);
      const now = await readAll();
      kept = kept.map((before, member) => {
        const loss = each[member] === 'bad' ? HIGH : LOW;
        const firstLoss = loss > LOW && high === 0 ? LOW + (HIGH - LOW) * SLOTS : LOW;
        const [steps, isBad] = [(window + 1) * SLOTS, each[member] === 'spoiled'];
        const sums = { loss: loss * SLOTS, firstLoss, weight: SLOTS, firstWeight: 1 };
        const { kept, slot } = judgeWindow(before, { ...sums, steps, isBad });
        if (slot !== undefined) slots[member][slot] = now[member];
        return kept;
      });
      for (const [member, { newer, steps, ended }] of executor.keeper.kept.entries()) {
        const [is, want] = [{ newer, steps, ended }, kept[member]].map(
          ({ newer, steps, ended }) => `slot ${newer} of steps ${steps.join(' and ')}, ended ${ended}`,
        );
        findings.compared++;
        findings.demand(is === want, `member ${member} has kept ${is}, not ${want}`);
      }
    }
    executor.restore();
    for (const [member, own] of (await readAll()).entries()) {
      const want = slots[member][1 - kept[member].newer];
      for (const [i, words] of own.entries()) {
        const where = `${states[i].attributes.name} of member ${member} after going back (is, should be)`;
        findings.equal(where, bits(words), bits(want[i]));
      }
    }
    // The last of many flags: its bit is in the second word.
    executor.write(small[SMALL_STATES - 1], Float32Array.of(1, 1, Infinity), 1);
    program.run([fates.map(() => CONTEXT)]);
    const [rows] = await program.metrics(1);
    const flagged = rows.map(({ bad }) => bad ?? 'nothing').join(', ');
    const want = fates.map((_, member) => (member === 1 ? `small${SMALL_STATES - 1}` : 'nothing')).join(', ');
    findings.demand(flagged === want, `the members flagged ${flagged}, not ${want}`);
    return findings;
  } finally {
    executor.dispose();
  }
}

const CONTEXT: HostContext = { seed: [0, 0], step: 0, sample: 0, start: 0, count: LOSSES, weight: 1, hyper: {} };

function bits(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
