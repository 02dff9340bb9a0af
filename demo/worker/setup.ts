import type { Engine } from 'wgrad';
import type { Frame, Order } from '../contract/protocol.js';
import type { State } from '../contract/state.js';
import { dataFacts, type LoadedData } from './data/loaded-data.js';
import { Experiment } from './experiment.js';
import { fitState, roomOn } from './fit-state.js';
import { isDeviceLost } from './is-device-lost.js';
import type { Player } from './jobs/player.js';
import type { Opened } from './open-files.js';
import { reconcile } from './reconcile.js';

/** Dropped files. */
export type Files = Extract<Order, { kind: 'open' }>['files'];

/** Sets up the experiment for the page, for dropped files, or for another device. */
export class Setup {
  /** The current experiment. */
  experiment: Experiment | undefined;
  readonly #tell: (frame: Frame) => void;
  readonly #player: Player;
  #saidLost = false;

  constructor(tell: (frame: Frame) => void, player: Player) {
    this.#tell = tell;
    this.#player = player;
  }

  /**
   * Sets up a state, the page's or that of files. If that fails, all stays as it was, and the page learns why.
   * @returns true if its data or its network are others than before
   */
  async set(wanted: State, engine: Engine, opened?: Opened): Promise<boolean> {
    const before = this.experiment;
    const own = opened?.own ?? before?.own;
    const say = (busy: string) => this.#player.tell(before, busy);
    const state = fitState(wanted, roomOn(engine, wanted.data === 'own' ? own?.trainingRows : undefined));
    try {
      const made = await Experiment.of(engine, state, {
        before,
        own,
        say,
        loaded: before ? undefined : (data) => this.#preview(state, data),
      });
      this.experiment = opened?.trainer ? made.withTrainer(opened.trainer) : made;
      if (opened?.trainer) await this.experiment.selected.save(); // it does not begin at step 0
    } catch (error) {
      opened?.trainer?.dispose();
      if (isDeviceLost(error)) throw error;
      if (before) this.#correct(before.state);
      else if (state.data !== 'moons') {
        const moons = { ...state, data: 'moons' as const };
        await this.set(moons, engine);
        this.#correct(moons);
      }
      throw error;
    }
    const { data, runs } = this.experiment;
    if (opened) this.#tell({ correction: { state } });
    else if (state !== wanted) this.#correct(state);
    if (before && data !== before.data) this.#tell({ data: dataFacts(data) });
    const isFresh = !runs.some((run) => before?.runs.includes(run));
    if (isFresh) this.#clearLostNotice();
    if (isFresh || state.steps !== before?.state.steps) this.#player.pace.restart();
    return data !== before?.data || reconcile(before.state, state).network;
  }

  /** Opens files. @throws Error with the name of the file and the mistake in it; all stays as it was */
  async open(files: Files, engine: Engine): Promise<boolean> {
    const { openFiles } = await import('./open-files.js');
    if (!this.experiment) throw new Error('Files can be opened when the page is ready.');
    const opened = await openFiles(files, this.experiment, engine);
    return this.set(opened.state, engine, opened);
  }

  /** Starts all runs again. */
  async reset(engine: Engine): Promise<void> {
    this.experiment = await this.experiment?.reset(engine);
    this.#clearLostNotice();
    this.#player.pace.restart();
  }

  /**
   * Moves to another engine. If it has too little room, starts again with a state that fits.
   * @returns true if data or network are others than before
   */
  async moveTo(engine: Engine): Promise<boolean> {
    const { experiment } = this;
    if (!experiment) return false;
    const { state, runs } = experiment;
    const fitted = fitState(state, roomOn(engine));
    if (fitted !== state) {
      const isOther = await this.set(fitted, engine);
      this.#correct(fitted);
      return isOther;
    }
    this.#player.tell(experiment, 'compiling');
    await (await import('./resume.js')).resume(engine, experiment);
    if (engine.info.backend === 'reference') return false; // a notice has said why
    const steps = Math.min(...runs.map((run) => run.steps));
    this.#saidLost = true;
    this.#tell({ notice: `The GPU was lost. Another device goes on from the last save, at step ${steps}.` });
    return false;
  }

  /** Shows the first data at once, and small networks at step 0: to compile the kernels takes seconds on some GPUs. */
  async #preview(state: State, data: LoadedData): Promise<void> {
    this.#tell({ data: dataFacts(data) });
    const isSmall = state.hidden.every((units) => units <= 64);
    if (isSmall && data.train.features <= 2) {
      this.#tell({ view: await (await import('./views/preview.js')).preview(state, data) });
    }
  }

  /** Clears the notice of a lost device: all runs start again. */
  #clearLostNotice(): void {
    if (this.#saidLost) this.#tell({ notice: '' });
    this.#saidLost = false;
  }

  /** Sends the page the state that replaces its last one. */
  #correct(state: State): void {
    this.#tell({ correction: { state, obeyed: this.#player.obeyed } });
  }
}
