import type { Log, ReplayedProgram } from '../gpu/debugging.js';
import type { Device } from '../gpu/device.js';
import { dispatchCost } from '../plan/plan.js';
import type { DispatchObserver, ObservedDispatch } from './observed-run.js';
import { Timestamps } from './timestamps.js';

/** WebGPU's limit is 4096 queries in a set, two a dispatch; dispatches beyond it are not timed. */
const MOST_DISPATCHES = 2048;

/** The times of a program since it was made. */
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
  /** The end of the last run that was timed by the clock. */
  #ended = 0;
  readonly #totals = new WeakMap<ReplayedProgram, Totals>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns an observer that times the next run on a device. */
  observe(device: Device): DispatchObserver {
    return device.device.features.has('timestamp-query') ? this.#timestamps(device) : this.#wallClock(device);
  }

  #timestamps(device: Device): DispatchObserver {
    const timed: ObservedDispatch[] = [];
    const timestamps = new Timestamps(device, MOST_DISPATCHES);
    return {
      before: (dispatch) =>
        timed.length < MOST_DISPATCHES ? timestamps.writesOf(timed.push(dispatch) - 1) : undefined,
      finish: (encoder) => {
        if (timed.length > 0) timestamps.resolve(encoder, timed.length);
      },
      look: async (submitted) => {
        try {
          this.#note(timed, await timestamps.read(timed.length, submitted));
        } finally {
          timestamps.dispose();
        }
      },
    };
  }

  #wallClock(device: Device): DispatchObserver {
    const started = performance.now();
    const steps = new Map<ReplayedProgram, number>();
    return {
      before: ({ program, index }) => {
        if (index === 0) steps.set(program, (steps.get(program) ?? 0) + 1);
        return undefined;
      },
      look: async (submitted) => {
        await submitted;
        await device.rejectWhenLost(device.device.queue.onSubmittedWorkDone());
        const ended = performance.now();
        // The work that was queued before this run is not its own time.
        const milliseconds = ended - Math.max(started, this.#ended);
        this.#ended = ended;
        const [...programs] = steps.keys();
        const program = programs[programs.length - 1];
        if (program) this.#noteWhole(program, steps.get(program) ?? 1, milliseconds);
      },
    };
  }

  /** Adds to the time of a program, with that of fetching its batches, and reports the mean now and then. */
  #noteWhole(program: ReplayedProgram, steps: number, milliseconds: number): void {
    const totals = this.#of(program);
    totals.nanoseconds[0] += milliseconds * 1e6;
    totals.runs[0] += steps;
    if (totals.runs[0] < totals.next) return;
    const mean = totals.nanoseconds[0] / totals.runs[0] / 1e6;
    const { title } = program.plan.dispatches[0];
    this.#log(
      `wgrad time: ${mean.toFixed(3)} ms a step of the program from ${title} on, ${meanOf(totals)}; this device has no timestamp queries`,
    );
    this.#setNext(program, totals);
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
      this.#setNext(program, totals);
    }
  }

  /** Decides when to report a program again. */
  #setNext(program: ReplayedProgram, totals: Totals): void {
    // The first steps compile; they are not in the means of those that follow.
    if (totals.next === 1) this.#totals.set(program, { ...zeros(program), next: 10 });
    else while (totals.next <= stepsIn(totals)) totals.next *= 10;
  }

  #of(program: ReplayedProgram): Totals {
    const totals = this.#totals.get(program) ?? { ...zeros(program), next: 1 };
    this.#totals.set(program, totals);
    return totals;
  }
}

function zeros({ plan }: ReplayedProgram): Pick<Totals, 'nanoseconds' | 'runs'> {
  return { nanoseconds: plan.dispatches.map(() => 0), runs: plan.dispatches.map(() => 0) };
}

function stepsIn({ runs }: Totals): number {
  return Math.max(...runs);
}

/** Says in words of how many steps a time is the mean. */
function meanOf(totals: Totals): string {
  const steps = stepsIn(totals);
  return `mean of ${steps} ${steps === 1 ? 'step' : 'steps'}${totals.next === 1 ? ', the first with compiling' : ''}`;
}

/** Returns time, share, GB/s and GFLOP/s of every dispatch, the mean of its runs so far. */
function table({ plan, members }: ReplayedProgram, totals: Totals): string {
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
