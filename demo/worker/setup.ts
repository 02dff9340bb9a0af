import type { Engine } from 'wgrad';
import type { Frame } from '../contract/protocol.js';
import { STATE_NAMES, type State } from '../contract/state.js';
import { busy, worker as words } from '../words/words.js';
import { dataFacts, type LoadedData } from './data/loaded-data.js';
import { Experiment } from './experiment.js';
import { fitState, type Room, roomOn } from './fit-state.js';
import { isDeviceLost } from './is-device-lost.js';
import type { Player } from './jobs/player.js';
import { OwnFiles } from './own-files.js';
import { reconcile, same } from './reconcile.js';
import { WarmUp } from './warm-up.js';

/** Sets up the experiment for the page, or for another device. */
export class Setup {
  /** The current experiment. */
  experiment: Experiment | undefined;
  readonly files = new OwnFiles();
  readonly #tell: (frame: Frame) => void;
  readonly #player: Player;
  #warmUp: WarmUp | undefined;
  #saidLost = false;

  constructor(tell: (frame: Frame) => void, player: Player) {
    this.#tell = tell;
    this.#player = player;
  }

  /** Trains small networks of the page's first state on the CPU until `set` is done. @param isToPlay true while they are to train */
  warmUp(state: State, isToPlay: () => boolean): void {
    if (this.experiment || this.#warmUp || !WarmUp.suits(state)) return;
    this.#warmUp = new WarmUp(state, isToPlay, this.#tell);
  }

  /** True while the page shows what the CPU computed: the GPU has not taken as many steps yet. */
  get isBehindCpu(): boolean {
    const runs = this.#player.playing ? (this.experiment?.runs ?? []) : [];
    return runs.some(({ steps, diverged }) => !diverged && steps < (this.#warmUp?.steps ?? 0));
  }

  /**
   * Sets up a state. If that fails, all stays as it was, and the page learns why.
   * @returns true if its data or its network are others than before
   */
  async set(wanted: State, engine: Engine): Promise<boolean> {
    const before = this.experiment;
    const { files } = this;
    const say = (busy: string) => this.#player.tell(before, busy);
    try {
      const state = fitState(wanted, await this.#roomFor(wanted, engine));
      if (this.#warmUp?.state !== state) this.#endWarmUp();
      // A software GPU that compiles leaves the page no time to draw.
      if (engine.info.software) await this.#warmUp?.seen;
      const isTold = before || this.#warmUp?.hasData;
      const loaded = isTold ? undefined : (data: LoadedData) => this.#tellData(data, engine);
      this.experiment = await Experiment.of(engine, state, { before, files, say, loaded });
    } catch (error) {
      if (isDeviceLost(error)) throw error;
      if (before) this.#correct(wanted, before.state);
      else if (wanted.data !== 'moons') {
        const moons = { ...wanted, data: 'moons' as const };
        await this.set(moons, engine);
        this.#correct(wanted, moons);
      }
      throw error;
    } finally {
      this.#warmUp?.stop();
    }
    const { state, data, runs } = this.experiment;
    files.forgetDataBefore(state.file);
    if (state !== wanted) this.#correct(wanted, state);
    if (before && data !== before.data) this.#tellData(data, engine);
    const isFresh = !runs.some((run) => before?.runs.includes(run));
    if (isFresh) this.#clearLostNotice();
    if (isFresh || state.steps !== before?.state.steps) this.#player.pace.restart();
    return data !== before?.data || reconcile(before.state, state).network;
  }

  /** Starts all runs again. */
  async reset(engine: Engine): Promise<void> {
    this.#endWarmUp();
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
    const fitted = fitState(state, await this.#roomFor(state, engine));
    if (fitted !== state) {
      const isOther = await this.set(fitted, engine);
      this.#correct(state, fitted);
      return isOther;
    }
    this.#player.tell(experiment, busy.compiling);
    await (await import('./resume.js')).resume(engine, experiment);
    if (engine.info.backend === 'reference') return false; // a notice has said why
    const steps = Math.min(...runs.map((run) => run.steps));
    this.#saidLost = true;
    this.#tell({ notice: words.lost(steps) });
    return false;
  }

  #tellData(data: LoadedData, engine: Engine): void {
    this.#tell({ data: dataFacts(data, roomOn(engine, data.train).examples) });
  }

  #endWarmUp(): void {
    this.#warmUp?.stop();
    this.#warmUp = undefined;
  }

  /** Clears the notice of a lost device: all runs start again. */
  #clearLostNotice(): void {
    if (this.#saidLost) this.#tell({ notice: '' });
    this.#saidLost = false;
  }

  /** Returns the room for a state: its own data have as many examples as they have. */
  async #roomFor(state: State, engine: Engine): Promise<Room> {
    if (state.data !== 'own') return roomOn(engine);
    const size = await this.files.data(state.file).size(state);
    const room = roomOn(engine, size);
    return { ...room, examples: Math.min(room.examples, size.examples) };
  }

  /** Tells the page which parts of a state it must replace, and by what. */
  #correct(wanted: State, state: State): void {
    const part = Object.fromEntries(
      STATE_NAMES.filter((name) => !same(wanted[name], state[name])).map((name) => [name, state[name]]),
    );
    this.#tell({ correction: { part, obeyed: this.#player.obeyed } });
  }
}
