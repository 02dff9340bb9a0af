import {
  createPopulation,
  type Dataset,
  type Engine,
  type Evaluation,
  loadTrainer,
  type Population,
  type Trainer,
} from 'wgrad';
import type { RunState, State } from '../contract/state.js';
import type { LoadedData } from './data/loaded-data.js';
import { Run, type Team, type Teammate } from './run.js';
import { hyperOf, newTrainer, takeSteps, trainingOf } from './training.js';

/**
 * Returns runs at step 0 that train as one population: in less time than one after another, and each becomes the same, bit
 * for bit.
 */
export async function teamOf(
  engine: Engine,
  state: State,
  wanted: readonly RunState[],
  data: LoadedData,
): Promise<readonly Run[]> {
  const { model, options } = trainingOf(state, wanted[0], data);
  const { seed } = state;
  const members = wanted.map((knobs) => ({ ...hyperOf(state, knobs), seed }));
  const population = await createPopulation(engine, model, { ...options, shuffleSeed: seed, members });
  const alone = (knobs: RunState) => newTrainer(engine, state, knobs, data);
  const team = new PopulationTeam(population, state, alone);
  team.runs = wanted.map((knobs, i) => new Run(team.members[i], knobs, data, state));
  return team.runs;
}

/** Runs whose networks are the members of a population. */
class PopulationTeam implements Team {
  readonly trained: Population;
  runs: readonly Run[] = [];
  members: readonly Member[];
  readonly #state: State;
  readonly #newTrainer: (knobs: RunState) => Promise<Trainer>;
  /** A network alone, which takes the weights of a member. */
  #copy: Trainer | undefined;
  /** The answers to the last question, without those that were taken. */
  #asked: { readonly x: Float32Array; readonly answers: Map<number, Float32Array> } | undefined;

  constructor(population: Population, state: State, newTrainer: (knobs: RunState) => Promise<Trainer>) {
    this.trained = population;
    this.members = Array.from({ length: population.size }, (_, i) => new Member(this, i));
    this.#state = state;
    this.#newTrainer = newTrainer;
  }

  async train(data: Dataset, steps: number): Promise<void> {
    for (const run of this.runs) run.hash = undefined;
    await takeSteps(this.trained, data, steps);
    const { diverged, stepsTaken, engine } = this.trained;
    const bad = this.runs.filter((_, i) => diverged[i]);
    if (bad.length === 0) return;
    // A population keeps no good states: alone, each does the same again, and goes back to its own.
    const trainers: Trainer[] = [];
    for (const { saved, knobs } of bad) {
      trainers.push(await (saved ? loadTrainer(engine, saved) : this.#newTrainer(knobs)));
    }
    await this.leave(bad);
    for (const [i, run] of bad.entries()) {
      run.resume(trainers[i]);
      await run.catchUp(stepsTaken);
    }
  }

  async measure(train: Dataset, validation: Dataset): Promise<void> {
    const onTrain = await this.trained.evaluate(train);
    const onValidation = await this.trained.evaluate(validation);
    for (const [i, run] of this.runs.entries()) run.note(memberOf(onTrain, i), memberOf(onValidation, i));
  }

  /** Returns a member's answers. The views ask all members the same, one after another: they answer together. */
  async predict(x: Float32Array, member: number): Promise<Float32Array> {
    if (this.#asked?.x !== x || !this.#asked.answers.has(member)) {
      this.#asked = { x, answers: new Map((await this.trained.predict(x)).entries()) };
    }
    const { answers } = this.#asked;
    const own = answers.get(member) as Float32Array;
    answers.delete(member); // a view may overwrite it
    return own;
  }

  async trainerOf(run: Run): Promise<Trainer> {
    this.#copy ??= await this.#newTrainer(run.knobs);
    this.#copy.set(hyperOf(this.#state, run.knobs));
    await this.#copy.setWeights(await run.network.weights());
    return this.#copy;
  }

  async leave(runs: readonly Run[]): Promise<void> {
    const stay = [...this.runs.keys()].filter((i) => !runs.includes(this.runs[i]));
    if (stay.length === 0) return this.dispose();
    await this.trained.select(stay);
    this.runs = stay.map((i) => this.runs[i]);
    this.members = stay.map((i) => this.members[i]);
    for (const [i, member] of this.members.entries()) member.index = i;
    this.#asked = undefined;
  }

  dispose(): void {
    this.trained.dispose();
    this.#copy?.dispose();
  }
}

/** The network of a run in a team. */
class Member implements Teammate {
  readonly team: PopulationTeam;
  /** Its place in the population. */
  index: number;

  constructor(team: PopulationTeam, index: number) {
    this.team = team;
    this.index = index;
  }

  get stepsTaken(): number {
    return this.team.trained.stepsTaken;
  }

  predict(x: Float32Array): Promise<Float32Array> {
    return this.team.predict(x, this.index);
  }

  weights() {
    return this.team.trained.weights(this.index);
  }

  save(options?: Parameters<Trainer['save']>[0]): Promise<Uint8Array<ArrayBuffer>> {
    return this.team.trained.save(this.index, options);
  }

  set(changes: Parameters<Trainer['set']>[0]): void {
    this.team.trained.set(this.index, changes);
  }
}

/** Returns the evaluation of one member. */
function memberOf(all: Awaited<ReturnType<Population['evaluate']>>, member: number): Evaluation {
  const { loss, penalty, objective, accuracy } = all;
  return {
    loss: loss[member],
    penalty: penalty[member],
    objective: objective[member],
    ...(accuracy && { accuracy: accuracy[member] }),
  };
}
