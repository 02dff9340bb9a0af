import { readAddress, writeAddress } from '../contract/address.js';
import { withChange } from '../contract/edits.js';
import { type Lesson, type LessonName, lessonOf } from '../contract/lessons.js';
import { withOpened } from '../contract/opened.js';
import type { Frame, Order, RunFacts } from '../contract/protocol.js';
import { type Knobs, type RunState, runsWith, type State } from '../contract/state.js';
import type { ViewFacts } from '../contract/view-facts.js';
import { banners as words } from '../words/words.js';
import { History } from './history.js';

/** A part that modules may listen to: one of the worker's frames, the state, the lesson, the look, or the mode. */
export type Part = keyof Frame | 'state' | 'lesson' | 'look' | 'mode';

/** The facts and the history of a run. */
export interface Run {
  readonly facts: RunFacts;
  readonly history: History;
}

/** Shortest time between two writes of the address: browsers refuse more than about a hundred in half a minute. */
const ADDRESS_MILLISECONDS = 300;

/** The address that an empty one stands for. */
const FIRST = '#lesson=overfit';

/**
 * The state of the page and the last facts of its worker. Modules change the state, and are called when either changes.
 */
export class Page {
  state: State;
  lesson: Lesson | undefined;
  /** True in the lab, where everything is open; a lesson shows one figure and one knob. */
  lab: boolean;
  /** Notes on the parts of the address that could not be used. */
  notes: readonly string[];
  /** The runs of the state, in its order; a run that the worker has not told of yet has nothing measured. */
  runs: readonly Run[] = [];
  /** The last value of each part of a frame. */
  readonly facts: Frame = {};
  readonly #listeners = new Map<Part, (() => void)[]>();
  readonly #worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
  #written: ReturnType<typeof setTimeout> | undefined;
  #orders = 0;
  /** The last identity that a run got. */
  #lastRun = 0;
  /** Number of the last order with a state. */
  #toldState = 0;

  constructor() {
    const { state, lesson, notes } = readAddress(location.hash || FIRST);
    this.state = this.#withFreshRuns(state);
    this.lesson = lesson && lessonOf(lesson);
    this.notes = notes;
    this.lab = isLab(location.hash, this.lesson);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Frame>) => this.#hear(data));
    this.#worker.addEventListener('error', ({ message }) => this.#hear({ problem: message || words.workerFailed }));
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

  /** Sends an order to the worker. @returns its number */
  tell(order: Order, transfer: Transferable[] = []): number {
    this.#worker.postMessage(order, transfer);
    return ++this.#orders;
  }

  tellState(): void {
    this.#toldState = this.tell({ kind: 'state', state: this.state });
  }

  /** Shows an error that the worker cannot know of. */
  complain(problem: string): void {
    Object.assign(this.facts, { problem });
    this.emit('problem');
  }

  setView(view: ViewFacts | undefined): void {
    Object.assign(this.facts, { view });
  }

  /** Changes the state, and tells the worker. */
  change(part: Partial<State>): void {
    this.state = withChange(this.state, part);
    this.#meetRuns([]);
    this.tellState();
    this.#writeSoon();
    this.emit('state');
  }

  /** Turns knobs of the selected run. */
  turn(part: Partial<Knobs>): void {
    const { runs, selected } = this.state;
    this.change({ runs: runs.map((run, i) => (i === selected ? { ...run, ...part } : run)) });
  }

  /** Adds a run of these knobs, at step 0, and selects it. */
  addRun(knobs: Knobs): void {
    const { runs } = this.state;
    this.change({ runs: [...runs, ...this.#fresh([knobs])], selected: runs.length });
  }

  /**
   * Goes to a lesson with its own settings and fresh runs; the browser's back button undoes it. With `keep` the state stays
   * as it is, its runs go on, and only the lesson changes.
   */
  visit(lesson: LessonName, { keep = false } = {}): void {
    const hash = `#lesson=${lesson}`;
    history.pushState(null, '', this.address());
    this.#set(hash, keep);
    if (keep) this.address();
    else history.replaceState(null, '', hash);
  }

  /** Sets the page to the state of an address, with runs of its own that start at step 0. */
  open(hash: string): void {
    const { lesson } = readAddress(hash);
    const lab = isLab(hash, lesson && lessonOf(lesson));
    // Back and forward between a lesson and its lab change what is seen, not what is trained.
    if (lesson && lesson === this.lesson?.name && lab !== this.lab) {
      this.lab = lab;
      this.address();
      this.emit('mode');
    } else {
      this.#set(hash);
    }
  }

  #set(hash: string, keep = false): void {
    const { state, lesson, notes } = readAddress(hash);
    this.lesson = lesson && lessonOf(lesson);
    this.lab = keep ? this.lab : isLab(hash, this.lesson);
    this.notes = notes;
    this.change(keep ? {} : this.#withFreshRuns(state));
    this.emit('lesson');
    this.emit('mode');
  }

  /** Opens the lab or goes back to the lesson; the browser's back button undoes it. */
  showLab(lab: boolean): void {
    if (lab === this.lab) return;
    history.pushState(null, '', this.address());
    this.lab = lab || this.lesson === undefined;
    this.address();
    this.emit('mode');
  }

  /** Returns an address that leads to this state. */
  address(): string {
    clearTimeout(this.#written);
    this.#written = undefined;
    const lab = this.lab && this.lesson ? '&lab' : '';
    history.replaceState(null, '', `${writeAddress(this.state, this.lesson?.name)}${lab}`);
    return location.href;
  }

  #writeSoon(): void {
    this.#written ??= setTimeout(() => this.address(), ADDRESS_MILLISECONDS);
  }

  #hear(frame: Frame): void {
    const { correction, opened, ...facts } = frame;
    // A view of the old data must not be drawn over the new ones.
    if (frame.data) this.setView(undefined);
    Object.assign(this.facts, facts);
    if (frame.runs) this.#meetRuns(frame.runs);
    // A newer setting of the person wins.
    if (correction && correction.obeyed >= this.#toldState) this.change(correction.part);
    if (opened?.address !== undefined) this.#set(opened.address);
    else if (opened) this.change(withOpened(this.state, opened, ++this.#lastRun));
    for (const part of Object.keys(facts)) this.emit(part as Part);
  }

  /** Takes news of runs; news of a run that the page has removed is dropped. */
  #meetRuns(news: readonly RunFacts[]): void {
    this.runs = this.state.runs.map(({ id }) => {
      const known = this.runs.find(({ facts }) => facts.id === id);
      const facts = news.find((each) => each.id === id) ?? known?.facts ?? { id, steps: 0, epochs: 0, marks: [] };
      const history = known?.history ?? new History();
      if (facts !== known?.facts && facts.history) history.add(facts.history.rows, facts.history.replace);
      return { facts, history };
    });
  }

  #fresh(knobs: readonly Knobs[]): RunState[] {
    const runs = runsWith(knobs, this.#lastRun + 1);
    this.#lastRun += runs.length;
    return runs;
  }

  #withFreshRuns(state: State): State {
    return { ...state, runs: this.#fresh(state.runs) };
  }
}

/** Returns true if an address leads to the lab: it says so, or names no lesson. */
function isLab(hash: string, lesson: Lesson | undefined): boolean {
  return new URLSearchParams(hash.slice(1)).has('lab') || (lesson === undefined && hash !== '');
}
