import { readAddress, writeAddress } from '../contract/address.js';
import { type Lesson, lessonOf } from '../contract/lessons.js';
import type { Frame, Order, RunFacts } from '../contract/protocol.js';
import type { Knobs, State } from '../contract/state.js';
import { History } from './history.js';

/** What a module may wait for: a part of the worker's frames, what the page is set to, its lesson, or how it looks. */
export type Part = keyof Frame | 'state' | 'lesson' | 'look';

/** A run as the page knows it. */
export interface Run {
  readonly facts: RunFacts;
  readonly history: History;
}

/** At most so often is the address written: browsers refuse more than some hundred in half a minute. */
const ADDRESS_MILLISECONDS = 300;

/** Where an address without anything leads. */
const FIRST = '#lesson=overfit';

/** What the page is set to and what its worker said last. Modules change the one, and are called when either changes. */
export class Page {
  state: State;
  lesson: Lesson | undefined;
  /** What is the matter with the address, if anything. */
  notes: readonly string[];
  runs: readonly Run[] = [];
  /** Each part of a frame as it was last told. */
  readonly facts: Frame = {};
  readonly #listeners = new Map<Part, (() => void)[]>();
  readonly #worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
  #written: ReturnType<typeof setTimeout> | undefined;
  #orders = 0;
  /** The number of the order that told the state. */
  #toldState = 0;

  constructor() {
    const { state, lesson, notes } = readAddress(location.hash || FIRST);
    this.state = state;
    this.lesson = lesson && lessonOf(lesson);
    this.notes = notes;
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Frame>) => this.#hear(data));
    this.#worker.addEventListener('error', ({ message }) => this.#hear({ problem: message || 'The worker failed.' }));
  }

  /** The knobs that the controls turn. */
  get knobs(): Knobs {
    return this.state.runs[this.state.selected];
  }

  /** Calls back whenever one of the parts changes. */
  on(parts: Part | readonly Part[], listener: () => void): void {
    for (const part of [parts].flat()) this.#listeners.set(part, [...(this.#listeners.get(part) ?? []), listener]);
  }

  emit(part: Part): void {
    for (const listener of this.#listeners.get(part) ?? []) listener();
  }

  /** Gives the worker an order. @returns its number */
  tell(order: Order, transfer: Transferable[] = []): number {
    this.#worker.postMessage(order, transfer);
    return ++this.#orders;
  }

  tellState(): void {
    this.#toldState = this.tell({ kind: 'state', state: this.state });
  }

  /** Says what went wrong where the worker cannot know of it. */
  complain(problem: string): void {
    Object.assign(this.facts, { problem });
    this.emit('problem');
  }

  forgetView(): void {
    Object.assign(this.facts, { view: undefined });
  }

  /** Changes what the page is set to, and tells the worker. */
  change(part: Partial<State>): void {
    this.state = { ...this.state, ...part };
    this.tellState();
    this.#writeSoon();
    this.emit('state');
  }

  /** Turns knobs of the selected run. */
  turn(part: Partial<Knobs>): void {
    const { runs, selected } = this.state;
    this.change({ runs: runs.map((run, i) => (i === selected ? { ...run, ...part } : run)) });
  }

  /** Sets the page to what an address says. */
  open(hash: string): void {
    const { state, lesson, notes } = readAddress(hash);
    this.lesson = lesson && lessonOf(lesson);
    this.notes = notes;
    this.change(state);
    this.emit('lesson');
  }

  /** The address that brings another page to where this one is. */
  address(): string {
    clearTimeout(this.#written);
    this.#written = undefined;
    history.replaceState(null, '', writeAddress(this.state, this.lesson?.name));
    return location.href;
  }

  #writeSoon(): void {
    this.#written ??= setTimeout(() => this.address(), ADDRESS_MILLISECONDS);
  }

  #hear(frame: Frame): void {
    const { correction, ...facts } = frame;
    // What was seen of other data would be drawn over these.
    if (frame.data) this.forgetView();
    Object.assign(this.facts, facts);
    if (frame.runs) this.runs = frame.runs.map((facts) => this.#meet(facts));
    // What a person has set since counts more.
    if (correction && (correction.obeyed ?? this.#orders) >= this.#toldState) this.change(correction.state);
    for (const part of Object.keys(facts)) this.emit(part as Part);
  }

  #meet(facts: RunFacts): Run {
    const history = this.runs.find((run) => run.facts.id === facts.id)?.history ?? new History();
    if (facts.history) history.add(facts.history.rows, facts.history.replace);
    return { facts, history };
  }
}
