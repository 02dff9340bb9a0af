import { type Dataset, EngineError, type Evaluation, type Population, type Trainer } from 'wgrad';
import type { RunFacts } from '../contract/protocol.js';
import type { RunState, State } from '../contract/state.js';
import { inWords } from '../words/errors.js';
import { type LoadedData, measuredPart } from './data/loaded-data.js';
import { History } from './history.js';
import { Marks, type Turned } from './marks.js';
import { firstSpacing, nextMeasurement } from './measuring.js';
import { same } from './reconcile.js';
import { hyperOf, takeSteps } from './training.js';
import { weightsHash } from './weights-hash.js';

/** The network of a run: a trainer, or one of a team. */
export type Network = Trainer | Teammate;

/** A network that trains in the same dispatches as those of other runs. */
export interface Teammate extends Pick<Trainer, 'stepsTaken' | 'predict' | 'weights' | 'save'> {
  readonly team: Team;
  set(changes: Parameters<Trainer['set']>[0]): void;
}

/** Runs that train in the same dispatches, all at the same step. */
export interface Team {
  readonly runs: readonly Run[];
  readonly trained: Population;
  /** Takes steps of all runs. One that diverges leaves the team. */
  train(data: Dataset, steps: number): Promise<void>;
  /** Measures all runs. */
  measure(train: Dataset, validation: Dataset): Promise<void>;
  /** Returns a trainer with a run's weights and hyper-parameters; it has taken no steps, and changes with the next call. */
  trainerOf(run: Run): Promise<Trainer>;
  /** Frees the memory of runs that leave. */
  leave(runs: readonly Run[]): Promise<void>;
  dispose(): void;
}

/** A run: its network, its knobs and its measurements. */
export class Run {
  readonly history: History;
  knobs: RunState;
  network: Network;
  hash: string | undefined;
  diverged: string | undefined;
  /** The last save, from which it goes on if the device is lost; without one it starts at step 0. */
  saved: Uint8Array | undefined;
  /** Time of the last save, at first of its making. */
  savedAt = performance.now();
  /** Steps at the last save; a run at step 0 needs none. */
  #savedSteps = 0;
  readonly #marks = new Marks();
  #ratesTurnedAt = -1;
  #data: LoadedData;
  /** Always the same object for the same data, so that it stays on the GPU. */
  #measured: Dataset;
  /** True if the last measurement is of other data. */
  #isStale = false;
  /** Number of edits of its examples so far. */
  #edits = 0;
  readonly #state: Pick<State, 'batch' | 'parts'>;
  readonly #spacing: number;

  constructor(network: Network, knobs: RunState, data: LoadedData, state: Pick<State, 'batch' | 'parts'>) {
    this.network = network;
    this.knobs = knobs;
    this.#data = data;
    this.#state = state;
    this.#measured = measuredPart(data);
    this.#spacing = firstSpacing(this.#measured.examples + data.validation.examples, state.batch);
    this.history = new History(this.#spacing);
  }

  /** Its identity, as in the state. */
  get id(): number {
    return this.knobs.id;
  }

  get steps(): number {
    return this.network.stepsTaken;
  }

  /** The runs that train with it, itself among them. */
  get group(): readonly Run[] {
    return 'team' in this.network ? this.network.team.runs : [this];
  }

  /** True for one run of each group. */
  get leads(): boolean {
    return this.group[0] === this;
  }

  /** The trainer or the population that takes its steps. */
  get trained(): Trainer | Population {
    return 'team' in this.network ? this.network.team.trained : this.network;
  }

  /** True until a step is taken with the current dropout rates. */
  get hasNewRates(): boolean {
    return this.#ratesTurnedAt === this.steps;
  }

  /** Steps until the next measurement; 0 means now. */
  get untilMeasured(): number {
    if (this.history.lastStep < 0) return 0;
    return nextMeasurement(this.history.lastStep, this.#spacing) - this.steps;
  }

  /** True if its measurements are of its present weights and data. */
  get isMeasured(): boolean {
    return this.history.lastStep === this.steps && !this.#isStale;
  }

  /** Goes on with other examples from the next step on. */
  learnFrom(data: LoadedData): void {
    this.#data = data;
    this.#measured = measuredPart(data);
    this.#isStale = true;
    this.hash = undefined;
    const before = this.#turned(this.knobs);
    this.#edits++;
    if (this.steps > 0) this.#marks.add(this.steps, before, this.#turned(this.knobs));
    else this.history.cut(-1);
  }

  /** Takes steps of its group; if it diverges, it goes back to its last good state and says so. */
  async train(steps: number): Promise<void> {
    if ('team' in this.network) return this.network.team.train(this.#data.train, steps);
    this.hash = undefined;
    try {
      await takeSteps(this.network, this.#data.train, steps);
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'diverged') throw error;
      this.diverged = inWords(error);
      this.history.cut(this.steps);
    }
  }

  /** Takes steps alone, with measurements, until it has taken as many or diverges. */
  async catchUp(steps: number): Promise<void> {
    while (!this.diverged && this.steps < steps) {
      if (this.untilMeasured === 0) await this.measure();
      await this.train(Math.min(steps - this.steps, this.untilMeasured));
    }
  }

  /** Measures training and validation examples of its group, without dropout. */
  async measure(): Promise<void> {
    const validation = this.#data.validation;
    if ('team' in this.network) return this.network.team.measure(this.#measured, validation);
    this.note(await this.network.evaluate(this.#measured), await this.network.evaluate(validation));
  }

  /** Takes down what was measured. */
  note(train: Evaluation, validation: Evaluation): void {
    this.#isStale = false;
    const { loss, accuracy = Number.NaN, penalty } = train;
    this.history.add([this.steps, loss, validation.loss, accuracy, validation.accuracy ?? Number.NaN, penalty]);
  }

  /** Turns knobs from the next step on, without compiling. */
  turn(knobs: RunState): void {
    const { dropout } = knobs;
    this.#set(knobs);
    if (this.steps > 0) this.#marks.add(this.steps, this.#turned(this.knobs), this.#turned(knobs));
    if (!same(dropout, this.knobs.dropout)) this.#ratesTurnedAt = this.steps;
    this.knobs = knobs;
    this.diverged = undefined;
  }

  /** Goes on alone, with a trainer of the same run, from an earlier step. */
  resume(trainer: Trainer): void {
    this.network = trainer;
    this.#set(this.knobs);
    this.history.cut(this.steps > 0 ? this.steps : -1);
    this.#marks.cut(this.steps);
    this.hash = undefined;
  }

  #set(knobs: RunState): void {
    this.network.set(hyperOf(this.#state, knobs));
  }

  #turned(knobs: RunState): Turned {
    return { ...knobs, edits: this.#edits };
  }

  async save(): Promise<void> {
    this.savedAt = performance.now();
    this.saved = await this.network.save();
    this.#savedSteps = this.steps;
  }

  /** Saves it before its knobs are turned, if it has no good state to go back to. */
  async keep(): Promise<void> {
    if ('team' in this.network && this.#savedSteps !== this.steps) await this.save();
  }

  /** Saves it, and computes the hash of its weights. */
  async settle(): Promise<void> {
    await this.save();
    this.hash = await weightsHash(this.network);
  }

  /** Returns its facts, with the rows of its history that the page does not know. */
  facts(): RunFacts {
    const { id, steps, hash, diverged } = this;
    return {
      id,
      steps,
      epochs: (steps * this.#state.batch) / this.#data.train.examples,
      marks: this.#marks.facts(),
      turned: this.#marks.turnAt(steps),
      history: this.history.news(),
      hash,
      diverged,
    };
  }

  /** Returns a trainer with its weights and hyper-parameters, to be read at once. */
  async trainer(): Promise<Trainer> {
    return 'team' in this.network ? this.network.team.trainerOf(this) : this.network;
  }
}

/** Frees the memory of runs. */
export async function free(runs: readonly Run[]): Promise<void> {
  for (const { network } of runs) if (!('team' in network)) network.dispose();
  const teams = new Set(runs.flatMap(({ network }) => ('team' in network ? [network.team] : [])));
  for (const team of teams) await team.leave(runs);
}
