import { createHash } from 'node:crypto';
import type { Trial } from '../tune/trial.js';
import type { DescribedDataset } from './packed-dataset.js';

/** The description of a search that workers need to take part in it. */
export interface DescribedSearch {
  /** The versions of wgrad and of Dawn: a worker must have the same. */
  readonly version: string;
  /** Everything that makes model, options and data, as `openSearch` of a worker reads it. */
  readonly config: unknown;
  readonly train: DescribedDataset;
  readonly validation: DescribedDataset | null;
  /** True if workers read the data themselves, by the path in `config`. */
  readonly byPath: boolean;
  /** 'one': all trials are trained by one kind of adapter, that of the first worker. 'any': each is marked with its own. */
  readonly adapters: 'one' | 'any';
}

/** A piece of a round, as a worker takes it. */
export interface FleetJob {
  readonly round: number;
  /** As they are before it. */
  readonly trials: readonly Trial[];
  readonly epochs: number;
}

/** A piece of a round, as the round's plan has it. */
export interface PlannedJob {
  readonly id: string;
  readonly trials: readonly number[];
  readonly epochs: number;
}

/** A result as the leader took it. */
export interface TakenResult {
  readonly round: number;
  readonly trial: number;
  /** The last message, if it was given up. */
  readonly failure?: string;
}

/** A round as the tables keep it. */
export interface PlannedRound {
  readonly jobs: readonly PlannedJob[];
  /** The results that were taken since the round before began, in their order: on these the strategy decided. */
  readonly taken: readonly TakenResult[];
}

/** A worker as the tables know it. */
export interface WorkerRow {
  readonly id: number;
  readonly name: string;
  readonly adapter: string;
  /** The reason why it was refused, if it was. */
  readonly refused: string | null;
  readonly jobs: number;
  readonly alive: boolean;
}

/** A trial after a job, and the worker that trained it. */
export interface TrainedRow {
  readonly round: number;
  readonly trial: number;
  readonly after: Trial;
  readonly worker: number;
  readonly seconds: number;
}

/** A job that failed once. */
export interface FailureRow {
  readonly id: number;
  readonly job: string;
  readonly worker: number | null;
  readonly kind: 'error' | 'lost';
  readonly message: string;
}

/** Returns a job's id, the same whenever the same job is made. */
export function jobId(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('/')).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
