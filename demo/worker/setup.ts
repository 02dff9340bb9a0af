import type { Engine } from 'wgrad';
import type { Frame, Order } from '../contract/protocol.js';
import type { State } from '../contract/state.js';
import { dataFacts } from './data/loaded-data.js';
import { Experiment } from './experiment.js';
import { fitState, roomOn } from './fit-state.js';
import { isDeviceLost } from './is-device-lost.js';
import type { Opened } from './open-files.js';
import type { Player } from './player.js';

/** Files that were dropped. */
export type Files = Extract<Order, { kind: 'open' }>['files'];

/** Sets up what is trained, as the page, files, or another device want it. */
export class Setup {
  /** What is trained now. */
  experiment: Experiment | undefined;
  readonly #tell: (frame: Frame) => void;
  readonly #player: Player;
  #saidLost = false;

  constructor(tell: (frame: Frame) => void, player: Player) {
    this.#tell = tell;
    this.#player = player;
  }

  /**
   * Makes a state true, the page's or that of files. Where that fails all stays as it was, and the page is told so.
   * @returns whether everything is another
   */
  async set(wanted: State, engine: Engine, opened?: Opened): Promise<boolean> {
    const before = this.experiment;
    const own = opened?.own ?? before?.own;
    const say = (busy: string) => this.#player.tell(before, busy);
    const state = fitState(wanted, roomOn(engine, wanted.data === 'own' ? own?.trainingRows : undefined));
    try {
      const made = await Experiment.of(engine, state, { before, own, say });
      this.experiment = opened?.trainer ? made.withTrainer(opened.trainer) : made;
      if (opened?.trainer) await this.experiment.selected.save(); // where it begins is not step 0
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
    if (data !== before?.data) this.#tell({ data: dataFacts(data) });
    const isOther = !runs.some((run) => before?.runs.includes(run));
    if (isOther) this.#clearLostNotice();
    if (isOther || state.steps !== before?.state.steps) this.#player.pace.restart();
    return isOther;
  }

  /** Opens files. @throws Error naming the file and what in it is wrong; all stays as it was */
  async open(files: Files, engine: Engine): Promise<boolean> {
    const { openFiles } = await import('./open-files.js');
    if (!this.experiment) throw new Error('Files can be opened when the page is ready.');
    const opened = await openFiles(files, this.experiment, engine);
    return this.set(opened.state, engine, opened);
  }

  /** All runs start again. */
  async reset(engine: Engine): Promise<void> {
    this.experiment = await this.experiment?.reset(engine);
    this.#clearLostNotice();
    this.#player.pace.restart();
  }

  /** Goes on as before on another engine, where there is room; otherwise starts again with what there is room for. */
  async moveTo(engine: Engine): Promise<void> {
    const { experiment } = this;
    if (!experiment) return;
    const { state, runs } = experiment;
    const fitted = fitState(state, roomOn(engine));
    if (fitted !== state) {
      await this.set(fitted, engine);
      this.#correct(fitted);
      return;
    }
    this.#player.tell(experiment, 'compiling');
    await (await import('./resume.js')).resume(engine, experiment);
    if (engine.info.backend === 'reference') return; // it has been said why
    const steps = Math.min(...runs.map((run) => run.steps));
    this.#saidLost = true;
    this.#tell({ notice: `The GPU was lost. Another device goes on from the last save, at step ${steps}.` });
  }

  /** All starts anew: where runs went on from after a loss is of no interest any more. */
  #clearLostNotice(): void {
    if (this.#saidLost) this.#tell({ notice: '' });
    this.#saidLost = false;
  }

  /** Tells the page what its last state has become. */
  #correct(state: State): void {
    this.#tell({ correction: { state, obeyed: this.#player.obeyed } });
  }
}
