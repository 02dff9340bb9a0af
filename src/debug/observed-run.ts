import type { ReplayedProgram, RunObserver } from '../gpu/debugging.js';
import type { StepContexts } from '../graph/engine.js';

/** One dispatch of a run, while it is recorded. */
export interface ObservedDispatch {
  readonly encoder: GPUCommandEncoder;
  readonly program: ReplayedProgram;
  /** Its number in the program's plan. */
  readonly index: number;
  readonly contexts: StepContexts;
  /** Its step's row of the program's table and ring. */
  readonly row: number;
}

/** Looks at every dispatch of one run. */
export interface DispatchObserver {
  /** Records the commands that come before the dispatch; returns the timestamp writes of its pass, if it has any. */
  before(dispatch: ObservedDispatch): GPUComputePassTimestampWrites | undefined;
  /** Records the commands that come after the dispatch. */
  after?(dispatch: ObservedDispatch): void;
  /** Records the commands that come at the end of the run. */
  finish?(encoder: GPUCommandEncoder): void;
  /** Looks at the recorded dispatches once the run is done. @throws EngineError if something is wrong */
  look(submitted: Promise<void>): Promise<void>;
}

/** Returns an observer that records every dispatch in a pass of its own and shows it to all of `observers`. */
export function observeDispatches(observers: readonly DispatchObserver[]): RunObserver {
  const record = (dispatch: ObservedDispatch): void => {
    const { encoder, program, index, row } = dispatch;
    const { title } = program.plan.dispatches[index];
    const [timestampWrites] = observers.map((observer) => observer.before(dispatch)).filter((writes) => writes);
    const pass = encoder.beginComputePass({ label: `wgrad ${title}`, timestampWrites });
    program.replay(pass, row, index, index + 1);
    pass.end();
    for (const observer of observers) observer.after?.(dispatch);
  };
  return {
    encode(encoder, programs, steps) {
      const first = programs.map((program) => program.prepare(steps));
      for (const [i, contexts] of steps.entries()) {
        for (const [p, program] of programs.entries()) {
          const row = (first[p] + i) % program.slots;
          for (const index of program.plan.dispatches.keys()) record({ encoder, program, index, contexts, row });
          if (!program.keepsAfter(contexts)) continue;
          const pass = encoder.beginComputePass({ label: 'wgrad keep' });
          program.keep(pass, row);
          pass.end();
        }
      }
    },
    finish(encoder) {
      for (const observer of observers) observer.finish?.(encoder);
    },
    look: async (submitted) => void (await Promise.all(observers.map((observer) => observer.look(submitted)))),
  };
}
