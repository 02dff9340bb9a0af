import type { Dataset } from '../data/dataset.js';
import { EngineError } from '../errors/engine-error.js';
import { chunks } from './chunks.js';
import { bestStatesOf, EarlyStopping } from './early-stopping.js';
import type { EarlyStoppingOptions } from './early-stopping-options.js';
import type { MemberWeights } from './evaluate.js';
import type { FitOptions } from './fit.js';
import type { Divergence, Member } from './member.js';
import { checkFitWeights, Members } from './members.js';
import { type Copy, pickReport, regroup } from './regroup.js';
import type { EpochReport, PerMember, StepReport } from './reports.js';
import type { Position, Session, States } from './session.js';

/** Makes a session with room for `capacity` members, of which `members` are there at first. */
export type OpenSession = (members: readonly Member[], capacity: number) => Promise<Session>;

/** Members that are on the device together, and where they stand. */
export interface Wave {
  readonly members: readonly Member[];
  readonly diverged: readonly (Divergence | undefined)[];
  readonly steps: number;
  readonly position: Position;
  /** What its last epoch has measured, where other waves have not come as far. */
  readonly report?: PerMember<EpochReport> | undefined;
}

/** A wave in the host's memory. */
export interface ParkedWave extends Wave {
  /** By member. */
  readonly states: readonly States[];
  /** The best states, by member, where early stopping remembers them. */
  readonly best?: readonly States[] | undefined;
}

/** Options of `fit` with weights by member. */
export type WaveFitOptions = FitOptions & { weights?: MemberWeights; validationWeights?: MemberWeights };

const START: Position = { epoch: 0, row: 0 };

/**
 * Members that take turns on the device: as many as fit are there together, the other ones wait in the host's memory. Where
 * all fit there is one wave, and nothing ever waits.
 */
export class Waves {
  readonly #open: OpenSession;
  #resident: Members;
  /** One is on the device, where its state is the session's; the others are parked. */
  #waves: (Wave | ParkedWave)[];
  /** Which of them is on the device; none while one makes room for another. */
  #at: number | undefined;
  #disposed = false;

  /** Members with fresh parameters, at most `room` of them at once. */
  static async start(open: OpenSession, members: readonly Member[], room: number): Promise<Waves> {
    const fresh = (own: readonly Member[]): Wave => ({
      members: own,
      diverged: own.map(() => undefined),
      steps: 0,
      position: START,
    });
    return Waves.#load(open, chunks([...members], room).map(fresh), room);
  }

  /** Parked members, as they were; at most `room` at once. */
  static async resume(open: OpenSession, parked: readonly ParkedWave[], room: number): Promise<Waves> {
    return Waves.#load(open, parked, room);
  }

  static async #load(open: OpenSession, waves: readonly (Wave | ParkedWave)[], room: number): Promise<Waves> {
    const largest = Math.max(...waves.map(({ members }) => members.length));
    if (largest > room) {
      throw new EngineError('limit', `population: ${largest} members ran side by side, and here is room for ${room}`);
    }
    const session = await open(waves[0].members, room);
    const made = new Waves(open, session, [...waves]);
    try {
      // Fresh members wait as they will be: the last one first, so that the first one stays.
      for (let i = waves.length - 1; i >= 0; i--) {
        const wave = waves[i];
        if ('states' in wave) for (const states of wave.states) checkShapes(session, states);
        if (i > 0 && 'states' in wave) continue;
        await made.#put(i);
        if (i > 0) await made.#park(i);
      }
      return made;
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  private constructor(open: OpenSession, session: Session, waves: (Wave | ParkedWave)[]) {
    this.#open = open;
    this.#resident = new Members(session);
    this.#waves = waves;
  }

  /** What is on the device. */
  get resident(): Members {
    return this.#resident;
  }

  get session(): Session {
    return this.#resident.session;
  }

  get count(): number {
    return this.#waves.length;
  }

  get members(): readonly Member[] {
    return this.#all().flatMap(({ members }) => members);
  }

  get diverged(): readonly (Divergence | undefined)[] {
    return this.#all().flatMap(({ diverged }) => diverged);
  }

  /** Of the wave that has taken the fewest. */
  get steps(): number {
    return Math.min(...this.#alive().map(({ steps }) => steps));
  }

  /** Those of which not all members have diverged; all, if there is none. */
  #alive(): readonly Wave[] {
    const all = this.#all();
    const alive = all.filter(({ diverged }) => diverged.some((each) => each === undefined));
    return alive.length > 0 ? alive : all;
  }

  /** What `run` brings of every wave, one after another. */
  async each<T>(run: (members: Members, wave: number) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for (let i = 0; i < this.count; i++) {
      await this.#bring(i);
      results.push(await run(this.#resident, i));
    }
    return results;
  }

  /** Does something with one member. */
  async of<T>(member: number, run: (members: Members, i: number) => Promise<T>): Promise<T> {
    const { wave, index } = this.#placeOf(member);
    await this.#bring(wave);
    return run(this.#resident, index);
  }

  /** Replaces what is known of a member. */
  change(member: number, to: (member: Member) => Member): void {
    const { wave, index } = this.#placeOf(member);
    const change = (members: readonly Member[]) => members.map((each, i) => (i === index ? to(each) : each));
    if (wave === this.#at) this.session.members = change(this.session.members);
    else this.#waves[wave] = { ...this.#waves[wave], members: change(this.#waves[wave].members) };
  }

  /** The part of a list with one entry a member that belongs to a wave. */
  part<T>(list: readonly T[], wave: number): T[] {
    const from = this.#firstOf(wave);
    return list.slice(from, from + this.#all()[wave].members.length);
  }

  /** The place among all of a wave's first member. */
  #firstOf(wave: number): number {
    return this.#all()
      .slice(0, wave)
      .reduce((sum, { members }) => sum + members.length, 0);
  }

  /** Refuses what `fit` would, for any wave. */
  checkFit(data: Dataset, { weights, validationWeights, ...rest }: WaveFitOptions): void {
    this.#fitOf(data, rest);
    checkFitWeights(data, { ...rest, ...(weights && { weights }), ...(validationWeights && { validationWeights }) });
  }

  /** Trains wave after wave, epoch after epoch; waves that have come further than others wait for them. */
  async *fit(
    data: Dataset,
    options: WaveFitOptions,
    patience: Required<EarlyStoppingOptions> | undefined,
  ): AsyncGenerator<PerMember<EpochReport> | PerMember<StepReport>, void, undefined> {
    const { epochs, maxSteps = Number.POSITIVE_INFINITY } = options;
    const end = this.steps + maxSteps;
    const best = patience && (await bestStatesOf(this.session));
    const stopping = best && this.#all().map(({ members }) => new EarlyStopping(members.length, patience, best));
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let wave = 0; wave < this.count; wave++) {
        if (this.#waves[wave].report) continue; // it has trained this epoch, and waits for the others
        await this.#bring(wave);
        const { session } = this;
        const left = end - session.steps;
        if (left <= 0) continue;
        const own = { ...options, epochs: 1, ...(left < Number.POSITIVE_INFINITY && { maxSteps: left }) };
        for await (const report of this.#fitOf(data, own, wave, stopping?.[wave])) {
          if (report.kind === 'step') {
            yield report;
            continue;
          }
          this.#waves[wave] = { ...this.#waves[wave], report };
          break; // what a signal says now is heard after the epoch of all waves has been reported
        }
      }
      const report = this.#joined();
      if (!report) break;
      this.#waves = this.#waves.map(({ report: _, ...wave }) => wave);
      yield report;
      if (report.stopped?.every((each) => each)) break;
    }
    if (!stopping) return;
    for (const [wave, own] of stopping.entries()) {
      await this.#bring(wave);
      await own.finish();
    }
  }

  /** The report of all waves; none if not all have one that can still train. */
  #joined(): PerMember<EpochReport> | undefined {
    const all = this.#all();
    const known = all.find(({ report }) => report)?.report;
    const reports = all.map(({ report, members, diverged }) => {
      const gone = known && diverged.every((each) => each);
      return report ?? (gone ? reportOfDiverged(known, members.length) : undefined);
    });
    return reports.every((report) => report !== undefined) ? joinReports(reports) : undefined;
  }

  #fitOf(data: Dataset, options: WaveFitOptions, wave = this.#at ?? 0, stopping?: EarlyStopping) {
    const { weights, validationWeights, earlyStopping, schedule, ...rest } = options;
    const first = this.#firstOf(wave);
    return this.#resident.fit(
      data,
      {
        ...rest,
        ...(weights && { weights: this.part(weights, wave) }),
        ...(validationWeights && { validationWeights: this.part(validationWeights, wave) }),
        ...(earlyStopping && { earlyStopping }),
        ...(schedule && { schedule: first === 0 ? schedule : (step, member) => schedule(step, first + member) }),
      },
      stopping,
    );
  }

  /** Remembers the states of members as their best ones. */
  async remember(members: readonly number[]): Promise<void> {
    await this.#eachOf(members, async (own) => (await bestStatesOf(this.session)).save(own));
  }

  /** Puts the best states of members back. */
  async recall(members: readonly number[]): Promise<void> {
    await this.#eachOf(members, async (own) => (await bestStatesOf(this.session)).restore(own));
  }

  /** The best states of a member as a trainer's file. */
  saveBest(member: number): Promise<Uint8Array> {
    return this.of(member, async (members, i) =>
      members.save(i, await this.session.statesOf(i, await this.session.best())),
    );
  }

  /** Does something with members wave by wave; each is told its own by their places, in ascending order. */
  async #eachOf(members: readonly number[], run: (own: readonly number[]) => Promise<void>): Promise<void> {
    const places = members.map((member) => this.#placeOf(member));
    for (let wave = 0; wave < this.count; wave++) {
      const own = places.filter((place) => place.wave === wave).map(({ index }) => index);
      if (own.length === 0) continue;
      await this.#bring(wave);
      await run(own.sort((a, b) => a - b));
    }
  }

  /** Goes on with these members, each a copy of the one at `from`, at most `room` at once. */
  async replace(copies: readonly Copy[], room: number): Promise<void> {
    const { session } = this;
    await session.read();
    if (this.count === 1 && copies.length <= session.executor.capacity) {
      await session.rearrange(copies.map(({ from }) => from));
      session.members = copies.map(({ member }) => member);
      const { report, ...wave } = this.#waves[0];
      const from = copies.map((copy) => copy.from);
      this.#waves = [{ ...wave, ...(report && { report: pickReport(report, from) }) }];
      return;
    }
    const waves = regroup(await this.park(), copies, room);
    if (room > session.executor.capacity) {
      const larger = await this.#open(waves[0].members, room);
      session.dispose();
      this.#resident = new Members(larger);
      if (this.#disposed) larger.dispose(); // since; what follows says so
    }
    this.#waves = waves;
    await this.#put(0);
  }

  /** All waves in the host's memory, as they are. */
  async park(): Promise<ParkedWave[]> {
    return this.each((_, wave) => this.#parked(wave));
  }

  dispose(): void {
    this.#disposed = true;
    this.#resident.dispose();
  }

  /** All waves as they stand. */
  #all(): readonly Wave[] {
    return this.#waves.map((wave, i) => (i === this.#at ? { ...wave, ...this.#standing() } : wave));
  }

  #standing(): Pick<Wave, 'members' | 'diverged' | 'steps' | 'position'> {
    const { members, diverged, steps, position } = this.session;
    return { members, diverged, steps, position };
  }

  #placeOf(member: number): { wave: number; index: number } {
    let index = member;
    for (const [wave, { members }] of this.#all().entries()) {
      if (index < members.length) return { wave, index };
      index -= members.length;
    }
    throw new Error(`population: there is no member ${member}`);
  }

  /** Puts a wave on the device, and parks the one that is there. */
  async #bring(wave: number): Promise<void> {
    if (wave === this.#at) return;
    if (this.#at !== undefined) await this.#park(this.#at);
    await this.#put(wave);
  }

  /** Takes the wave on the device off it. */
  async #park(at: number): Promise<void> {
    this.#waves[at] = await this.#parked(at);
    this.#at = undefined;
  }

  /** The wave on the device, in the host's memory. */
  async #parked(at: number): Promise<ParkedWave> {
    const { session } = this;
    await session.read();
    const best = session.hasBest ? await session.best() : undefined;
    const states: States[] = [];
    const bestStates: States[] = [];
    for (const member of session.members.keys()) {
      states.push(await session.statesOf(member));
      if (best) bestStates.push(await session.statesOf(member, best));
    }
    const { report } = this.#waves[at];
    return { ...this.#standing(), states, ...(best && { best: bestStates }), ...(report && { report }) };
  }

  /** Puts a wave on the device; what is there is lost. */
  async #put(index: number): Promise<void> {
    const { session } = this;
    this.#at = undefined;
    await session.resize(this.#waves[index].members.length);
    const bestStates = 'best' in this.#waves[index] ? await session.best() : undefined;
    // From here on at once: whoever changes a member finds it either parked or on the device.
    const wave = this.#waves[index];
    const { members, diverged, steps, position, report } = wave;
    session.members = members;
    session.diverged = diverged;
    for (const member of members.keys()) {
      const states = 'states' in wave ? wave.states[member] : undefined;
      if (states) checkShapes(session, states);
      session.setStates(member, states);
      const best = 'best' in wave ? wave.best?.[member] : undefined;
      for (const { name, tensor } of session.states) {
        const state = best?.get(name);
        if (state) bestStates?.write(tensor, state.data, member);
      }
    }
    this.#waves[index] = { members, diverged, steps, position, ...(report && { report }) };
    this.#at = index;
    await session.startAt(steps, position);
  }
}

/** @throws EngineError of kind `format` if states are not those of a session's model */
function checkShapes(session: Session, states: States): void {
  for (const { name, tensor } of session.states) {
    const found = states.get(name)?.data.length;
    const wanted = tensor.rows * tensor.cols;
    if (found === wanted) continue;
    throw new EngineError('format', `population: '${name}' must have ${wanted} elements, got ${found ?? 'none'}`);
  }
}

/** A report like another one, of members that all have diverged. */
function reportOfDiverged(like: PerMember<EpochReport>, members: number): PerMember<EpochReport> {
  const entries = Object.entries(like).map(([name, value]) => {
    if (!Array.isArray(value)) return [name, name === 'seconds' || name === 'stepMilliseconds' ? 0 : value];
    return [name, Array.from({ length: members }, () => name === 'stopped' || Number.NaN)];
  });
  return Object.fromEntries(entries);
}

/** Reports of waves as one of all members; times are added. */
export function joinReports<Report extends object>(parts: readonly Report[]): Report {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const joined = Object.entries(first).map(([name, value]) => {
    const all = parts.map((part) => part[name as keyof Report]);
    if (Array.isArray(value)) return [name, all.flat()];
    const isTime = name === 'seconds' || name === 'stepMilliseconds';
    return [name, isTime ? all.reduce((sum: number, each) => sum + Number(each), 0) : value];
  });
  return Object.fromEntries(joined);
}
