import type { StepContexts } from '../graph/executor.js';
import type { GpuProgram } from './gpu-program.js';

/** One dispatch of a run, while it is recorded. */
export interface ObservedDispatch {
  readonly encoder: GPUCommandEncoder;
  readonly program: GpuProgram;
  /** Its number in the program's plan. */
  readonly index: number;
  readonly contexts: StepContexts;
  /** Its step's row of the program's table and ring. */
  readonly row: number;
}

/** Looks at every dispatch of one run. */
export interface RunObserver {
  /** Records what must come before the dispatch; returns what its compute pass must have. */
  before(dispatch: ObservedDispatch): Partial<GPUComputePassDescriptor>;
  /** Records what must come after it. */
  after(dispatch: ObservedDispatch): void;
  /** Called before the run is submitted. */
  finish(encoder: GPUCommandEncoder): void;
  /** Looks at what was recorded, as soon as the run is through. @throws EngineError if something is wrong */
  look(submitted: Promise<void>): Promise<void>;
}

/** Several observers as one. */
export function together(observers: readonly RunObserver[]): RunObserver {
  return {
    before: (dispatch) => Object.assign({}, ...observers.map((observer) => observer.before(dispatch))),
    after(dispatch) {
      for (const observer of observers) observer.after(dispatch);
    },
    finish(encoder) {
      for (const observer of observers) observer.finish(encoder);
    },
    look: async (submitted) => void (await Promise.all(observers.map((observer) => observer.look(submitted)))),
  };
}

/** Records steps of programs one after another, with every dispatch in a pass of its own, for someone to look at. */
export function encodeObserved(
  encoder: GPUCommandEncoder,
  programs: readonly GpuProgram[],
  steps: readonly StepContexts[],
  observer: RunObserver,
): void {
  const first = programs.map((program) => program.prepare(steps));
  for (const [i, contexts] of steps.entries()) {
    for (const [p, program] of programs.entries()) {
      const row = (first[p] + i) % program.slots;
      for (const [index, { title }] of program.plan.dispatches.entries()) {
        const dispatch = { encoder, program, index, contexts, row };
        const pass = encoder.beginComputePass({ label: `wgrad ${title}`, ...observer.before(dispatch) });
        program.replay(pass, row, index, index + 1);
        pass.end();
        observer.after(dispatch);
      }
    }
  }
}
