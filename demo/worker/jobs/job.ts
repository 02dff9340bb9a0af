import type { Engine } from 'wgrad';
import type { JobFacts } from '../../contract/protocol.js';
import type { Experiment } from '../experiment.js';

/** Reason why a job ends before its end: a person asked for it, or it was of other settings. */
export type StopReason = 'asked' | 'changed';

/** A job that takes turns with training. */
export interface Job {
  readonly name: Exclude<JobFacts['job'], 'train'>;
  /** True when there are no more turns. */
  readonly isOver: boolean;
  /** Share that is done, from 0 to 1. */
  readonly progress: number;
  /**
   * Does the next piece. On another engine than that of the turn before, the job goes on from its last save.
   * @throws EngineError of kind `lost`: the job goes on with the next turn. Any other error is the job's end.
   */
  turn(engine: Engine, experiment: Experiment): Promise<void>;
  /** Ends the job, and a turn that is under way as soon as possible. */
  stop(reason: StopReason): void;
}
