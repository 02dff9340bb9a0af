import { type Engine, EngineError } from 'wgrad';
import type { Frame, Order, SearchPlan } from '../contract/protocol.js';
import type { State } from '../contract/state.js';
import { dataFacts } from './data/loaded-data.js';
import { EngineKeeper } from './engine-keeper.js';
import { Experiment, resume } from './experiment.js';
import { fitState, roomOn } from './fit-state.js';
import type { Opened } from './open-files.js';
import { Player } from './player.js';
import type { MapSearch } from './search.js';
import { SideTask } from './side-task.js';
import { task } from './task.js';
import { Viewer } from './viewer.js';

type Files = Extract<Order, { kind: 'open' }>['files'];

/** Does what the page orders, one thing after another, and trains in between. */
export class Laboratory {
  readonly #tell: (frame: Frame) => void;
  readonly #engines: EngineKeeper;
  readonly #player: Player;
  readonly #viewer = new Viewer();
  readonly #orders: Order[] = [];
  readonly #task: SideTask;
  #experiment: Experiment | undefined;
  #search: MapSearch | undefined;
  #wake = () => {};

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
    this.#engines = new EngineKeeper(tell, () => this.#wake());
    this.#player = new Player(tell);
    this.#task = new SideTask((error) => this.#taskEnded(error));
  }

  /** Takes an order; of orders that say how something is to be, the last one counts. */
  take(order: Order): void {
    const last = this.#orders.at(-1);
    if (last?.kind === order.kind && (order.kind === 'state' || order.kind === 'view')) this.#orders.pop();
    this.#orders.push(order);
    this.#wake();
  }

  async run(): Promise<never> {
    for (;;) {
      const [order] = this.#orders;
      try {
        await this.#turn(order);
        this.#done(order);
      } catch (error) {
        if (isLoss(error)) {
          this.#engines.noteLoss(); // the order is for the next device
        } else {
          this.#done(order);
          await this.#fail(error);
        }
      }
      await task(); // where nothing waits for a GPU, messages come in here
    }
  }

  /** The next thing to do. */
  async #turn(order: Order | undefined): Promise<void> {
    if (this.#engines.isLost) await this.#recover();
    const engine = await this.#engines.engine();
    if (order) return this.#obey(order, engine);
    const experiment = this.#experiment;
    if (!experiment) return this.#rest();
    if (this.#viewer.wait === 0) return this.#tell({ view: await this.#viewer.show(experiment) });
    if (this.#task.isRunning) return this.#rest(this.#viewer.wait);
    const done = await this.#player.advance(experiment);
    if (typeof done === 'number') return this.#rest(Math.min(done, this.#viewer.wait));
    if (done === 'trained') this.#viewer.changed();
    if (done === 'paused') this.#viewer.refresh();
  }

  /** An order is done, unless another one has taken its place. */
  #done(order: Order | undefined): void {
    if (order && this.#orders[0] === order) this.#orders.shift();
  }

  async #obey(order: Order, engine: Engine): Promise<void> {
    const experiment = this.#experiment;
    const player = this.#player;
    switch (order.kind) {
      case 'state':
        return this.#set(order.state, engine);
      case 'open':
        return this.#openFiles(order.files, engine);
      case 'export':
        return this.#export(order.what);
      case 'search':
        return this.#startSearch(order.plan, engine);
      case 'export search':
        return this.#tell({ files: this.#search ? [this.#search.file(order.format)] : [] });
      case 'verify':
        return this.#startVerify(engine);
      case 'stop search':
      case 'stop verify':
        return this.#task.stop();
      case 'view':
        return this.#viewer.look(order.view);
      case 'speed':
        return player.pace.limitSpeed(order.stepsPerSecond, experiment?.runs ?? []);
      case 'play':
        if (experiment) player.pace.start(experiment);
        player.playing = true;
        break;
      case 'pause':
        player.playing = false;
        break;
      case 'step':
        if (experiment) await player.step(experiment);
        break;
      case 'reset':
        this.#experiment = await experiment?.reset(engine);
        player.pace.restart();
        break;
      case 'lose device':
        return this.#engines.destroy();
    }
    this.#changed();
  }

  /** Makes a state true, the page's or that of files; where that fails all stays as it was, and the page is told so. */
  async #set(wanted: State, engine: Engine, opened: Opened | undefined = undefined): Promise<void> {
    const before = this.#experiment;
    const own = opened?.own ?? before?.own;
    const say = (busy: string) => this.#player.tell(before, busy);
    const state = fitState(wanted, roomOn(engine, wanted.data === 'own' ? own?.trainingRows : undefined));
    try {
      const made = await Experiment.of(engine, state, { before, own, say });
      this.#experiment = opened?.trainer ? made.withTrainer(opened.trainer) : made;
    } catch (error) {
      if (before) this.#tell({ state: before.state });
      else if (state.data !== 'moons') await this.#set({ ...state, data: 'moons' }, engine);
      throw error;
    }
    const { data, runs } = this.#experiment;
    if (state !== wanted || opened) this.#tell({ state });
    if (data !== before?.data) this.#tell({ data: dataFacts(data) });
    const isOther = !runs.some((run) => before?.runs.includes(run));
    if (isOther) await this.#task.stop(); // it was about something else
    if (isOther || state.steps !== before?.state.steps) this.#player.pace.restart();
    this.#changed();
  }

  async #openFiles(files: Files, engine: Engine): Promise<void> {
    const { openFiles } = await import('./open-files.js');
    if (!this.#experiment) throw new Error('Files can be opened when the page is ready.');
    const opened = await openFiles(files, this.#experiment, engine);
    try {
      await this.#set(opened.state, engine, opened);
    } catch (error) {
      opened.trainer?.dispose();
      throw error;
    }
  }

  async #export(what: Extract<Order, { kind: 'export' }>['what']): Promise<void> {
    const { exportFiles } = await import('./export-files.js');
    if (this.#experiment) this.#tell({ files: await exportFiles(this.#experiment, what) });
  }

  async #startSearch(plan: SearchPlan, engine: Engine): Promise<void> {
    const { MapSearch } = await import('./search.js');
    if (!this.#experiment) return;
    const search = new MapSearch(engine, this.#experiment, plan, this.#tell);
    await this.#task.start((signal) => search.run(signal));
    this.#search = search;
  }

  async #startVerify(engine: Engine): Promise<void> {
    const { verifyRun } = await import('./verify.js');
    const { selected } = this.#experiment ?? {};
    if (selected) await this.#task.start((signal) => verifyRun(engine, selected, signal, this.#tell));
  }

  /** Goes on as before on another device. */
  async #recover(): Promise<void> {
    const engine = await this.#engines.replace();
    const experiment = this.#experiment;
    if (!experiment) return;
    const state = fitState(experiment.state, roomOn(engine));
    if (state !== experiment.state) return this.#set(state, engine);
    this.#player.tell(experiment, 'compiling');
    await resume(engine, experiment);
    const steps = Math.min(...experiment.runs.map((run) => run.steps));
    this.#tell({ notice: `The GPU was lost. Another device goes on from the last save, at step ${steps}.` });
    this.#changed();
  }

  #taskEnded(error?: unknown): void {
    if (error !== undefined && !isLoss(error)) this.#tell({ problem: messageOf(error) });
    if (isLoss(error)) this.#engines.noteLoss();
    this.#wake();
  }

  /** Says what went wrong; nothing is tried again until there is an order. */
  async #fail(error: unknown): Promise<void> {
    this.#player.playing = false;
    this.#tell({ problem: messageOf(error) });
    this.#player.tell(this.#experiment);
    await this.#rest();
  }

  #changed(): void {
    this.#viewer.refresh();
    this.#player.tell(this.#experiment);
  }

  /** Waits until there is an order, the device is lost, or some time is over. */
  #rest(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      if (this.#orders.length > 0 || this.#engines.isLost) return resolve();
      this.#wake = resolve;
      if (milliseconds < Number.POSITIVE_INFINITY) setTimeout(resolve, milliseconds);
    });
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof EngineError && error.kind === 'lost';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
