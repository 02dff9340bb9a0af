import { dispatchCost } from '../plan/dispatch-cost.js';
import type { Log } from './debug.js';
import type { GpuEngine } from './engine.js';
import type { GpuProgram } from './gpu-program.js';
import { mapForReading } from './map-for-reading.js';
import type { ObservedDispatch, RunObserver } from './run-observer.js';
import { USAGE } from './usage.js';

const QUERY_RESOLVE = 0x200; // GPUBufferUsage.QUERY_RESOLVE, without needing the global
/** WebGPU's limit on the queries of a set; two a dispatch. */
const MOST_QUERIES = 4096;
const BYTES = 8;

/** What a program has taken since it was made. */
interface Totals {
  /** Nanoseconds and runs by dispatch; the whole step alone where dispatches cannot be timed. */
  readonly nanoseconds: number[];
  readonly runs: number[];
  /** Steps after which the next table is printed. */
  next: number;
}

/** Times dispatches by timestamp queries, or whole runs where there are none. */
export class Profiler {
  readonly #log: Log;
  /** When the last run that was timed by the clock ended. */
  #ended = 0;
  readonly #totals = new WeakMap<GpuProgram, Totals>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** What times the next run on an engine. */
  observe(engine: GpuEngine): RunObserver {
    return engine.device.features.has('timestamp-query') ? this.#timestamps(engine) : this.#wallClock(engine);
  }

  #timestamps(engine: GpuEngine): RunObserver {
    const { device } = engine;
    const timed: ObservedDispatch[] = [];
    const querySet = device.createQuerySet({ label: 'wgrad profile', type: 'timestamp', count: MOST_QUERIES });
    const resolved = device.createBuffer({ size: MOST_QUERIES * BYTES, usage: QUERY_RESOLVE | USAGE.copySource });
    const staging = device.createBuffer({
      size: MOST_QUERIES * BYTES,
      usage: USAGE.mapRead | USAGE.copyDestination,
    });
    return {
      before: (dispatch) => {
        const at = timed.length * 2;
        if (at + 1 >= MOST_QUERIES) return {}; // what no longer fits is not timed
        timed.push(dispatch);
        return { timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } };
      },
      after: () => {},
      finish: (encoder) => {
        if (timed.length === 0) return;
        encoder.resolveQuerySet(querySet, 0, timed.length * 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, timed.length * 2 * BYTES);
      },
      look: async (submitted) => {
        try {
          await mapForReading(engine, [staging], submitted);
          const times = new BigUint64Array(staging.getMappedRange(0, timed.length * 2 * BYTES).slice(0));
          this.#note(timed, times);
        } finally {
          for (const each of [querySet, resolved, staging]) each.destroy();
        }
      },
    };
  }

  #wallClock(engine: GpuEngine): RunObserver {
    const started = performance.now();
    const steps = new Map<GpuProgram, number>();
    return {
      before: ({ program, index }) => {
        if (index === 0) steps.set(program, (steps.get(program) ?? 0) + 1);
        return {};
      },
      after: () => {},
      finish: () => {},
      look: async (submitted) => {
        await submitted;
        await engine.orLost(engine.device.queue.onSubmittedWorkDone());
        const ended = performance.now();
        // What was queued before this run is not its own time.
        const milliseconds = ended - Math.max(started, this.#ended);
        this.#ended = ended;
        const [...programs] = steps.keys();
        const program = programs[programs.length - 1];
        if (program) this.#noteWhole(program, steps.get(program) ?? 1, milliseconds);
      },
    };
  }

  /** Adds to the time of a program, its batches' included, and tells the mean now and then. */
  #noteWhole(program: GpuProgram, steps: number, milliseconds: number): void {
    const totals = this.#of(program);
    totals.nanoseconds[0] += milliseconds * 1e6;
    totals.runs[0] += steps;
    if (totals.runs[0] < totals.next) return;
    const mean = totals.nanoseconds[0] / totals.runs[0] / 1e6;
    const { title } = program.plan.dispatches[0];
    this.#log(
      `wgrad time: ${mean.toFixed(3)} ms a step of the program from ${title} on, ${meanOf(totals)}; this device has no timestamp queries`,
    );
    this.#told(program, totals);
  }

  #note(timed: readonly ObservedDispatch[], times: BigUint64Array): void {
    const programs = new Set(timed.map(({ program }) => program));
    for (const [i, { program, index }] of timed.entries()) {
      const totals = this.#of(program);
      totals.nanoseconds[index] += Number(times[2 * i + 1] - times[2 * i]);
      totals.runs[index]++;
    }
    showTracks(timed, times);
    for (const program of programs) {
      const totals = this.#of(program);
      if (stepsIn(totals) < totals.next) continue;
      this.#log(table(program, totals));
      this.#told(program, totals);
    }
  }

  /** Decides when to tell of a program again. */
  #told(program: GpuProgram, totals: Totals): void {
    // The first steps compile; they are not in the means of those that follow.
    if (totals.next === 1) this.#totals.set(program, { ...zeros(program), next: 10 });
    else while (totals.next <= stepsIn(totals)) totals.next *= 10;
  }

  #of(program: GpuProgram): Totals {
    const totals = this.#totals.get(program) ?? { ...zeros(program), next: 1 };
    this.#totals.set(program, totals);
    return totals;
  }
}

function zeros({ plan }: GpuProgram): Pick<Totals, 'nanoseconds' | 'runs'> {
  return { nanoseconds: plan.dispatches.map(() => 0), runs: plan.dispatches.map(() => 0) };
}

function stepsIn({ runs }: Totals): number {
  return Math.max(...runs);
}

/** Of how many steps a time is the mean. */
function meanOf(totals: Totals): string {
  const steps = stepsIn(totals);
  return `mean of ${steps} ${steps === 1 ? 'step' : 'steps'}${totals.next === 1 ? ', the first with compiling' : ''}`;
}

/** Time, share, GB/s and GFLOP/s of every dispatch, the mean of its runs so far. */
function table({ plan, members }: GpuProgram, totals: Totals): string {
  const { nanoseconds, runs } = totals;
  const means = nanoseconds.map((sum, i) => sum / Math.max(runs[i], 1));
  const whole = means.reduce((a, b) => a + b, 0);
  const rows = plan.dispatches.map((dispatch, i) => {
    const { flops, bytes } = dispatchCost(dispatch);
    const rate = (amount: number) => ((amount * members) / (means[i] || 1)).toFixed(2).padStart(8);
    const time = `${(means[i] / 1e3).toFixed(1).padStart(9)} µs ${((100 * means[i]) / (whole || 1)).toFixed(0).padStart(3)} %`;
    return `${time} ${rate(bytes)} GB/s ${rate(flops)} GFLOP/s  ${i} ${dispatch.title}`;
  });
  const head = `wgrad time: ${(whole / 1e6).toFixed(3)} ms a step in dispatches, ${meanOf(totals)}`;
  return [head, ...rows].join('\n');
}

/** Puts dispatches into a track of their own in Chrome's Performance panel; the last one ends now. */
function showTracks(timed: readonly ObservedDispatch[], times: BigUint64Array): void {
  const last = times[timed.length * 2 - 1];
  const now = performance.now();
  const at = (time: bigint) => Math.max(0, now - Number(last - time) / 1e6);
  for (const [i, { program, index }] of timed.entries()) {
    const name = program.plan.dispatches[index].title;
    const devtools = { dataType: 'track-entry', track: 'GPU dispatches', trackGroup: 'wgrad', color: 'primary' };
    performance.measure(name, { start: at(times[2 * i]), end: at(times[2 * i + 1]), detail: { devtools } });
    performance.clearMeasures(name); // the panel has it; the page's own timeline is not to grow
  }
}
