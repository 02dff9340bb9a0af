import type { Engine } from 'wgrad';
import type { Frame, JobFacts, Order } from '../../contract/protocol.js';
import { inWords } from '../../words/errors.js';
import { worker as words } from '../../words/words.js';
import type { Experiment } from '../experiment.js';
import { isDeviceLost } from '../is-device-lost.js';
import { same } from '../reconcile.js';
import { Setup } from '../setup.js';
import { Viewer } from '../viewer.js';
import { EngineHolder } from './engine-holder.js';
import { Jobs } from './jobs.js';
import { type NumberedOrder, OrderQueue } from './order-queue.js';
import { Player } from './player.js';
import { Reading } from './reading.js';
import type { MapSearch } from './search.js';
import { task } from './task.js';

/** Orders that clear an earlier error. */
const FRESH_STARTS: readonly Order['kind'][] = ['play', 'step', 'reset', 'open', 'search', 'verify'];

/** Obeys the orders of the page one by one, and trains in between. */
export class Controller {
  readonly #tell: (frame: Frame) => void;
  readonly #engines: EngineHolder;
  readonly #player: Player;
  readonly #setup: Setup;
  readonly #jobs: Jobs;
  readonly #viewer = new Viewer();
  readonly #orders = new OrderQueue();
  readonly #reading: Reading;
  /** The last search, which may be over. */
  #search: MapSearch | undefined;
  /** Time from which training can go on; infinite until something changes. */
  #trainAt = 0;
  #told: readonly JobFacts[] = [];
  #problem = '';
  /** Number of orders before the last error was shown: none of them answers it. */
  #saidAt = 0;
  #wake = () => {};

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
    this.#engines = new EngineHolder(tell, () => this.#wake());
    this.#player = new Player(tell);
    this.#setup = new Setup(tell, this.#player);
    this.#reading = new Reading({
      read: (opened) => tell({ opened }),
      failed: (error) => this.#fail(error),
      progress: () => this.#tellJobs(),
    });
    this.#jobs = new Jobs((error) => {
      if (error !== undefined) this.#fail(error);
      this.#wake();
    });
  }

  /** Queues an order. */
  take(order: Order): void {
    this.#orders.take(order);
    if (order.kind === 'state') this.#setup.warmUp(order.state, () => this.#orders.isToPlay(order.state));
    this.#wake();
  }

  async run(): Promise<never> {
    for (;;) {
      const next = this.#orders.first;
      try {
        await this.#turn(next);
        if (next) this.#orders.done(next);
      } catch (error) {
        if (isDeviceLost(error)) {
          this.#engines.markLost(); // the order waits for the next device
        } else {
          this.#say(inWords(error));
          if (next) this.#orders.done(next);
          else this.#stop();
        }
      }
      this.#tellJobs();
      await task(); // lets messages in if nothing else awaits the GPU
    }
  }

  /** Does the next thing: recovers the device, obeys an order, computes a view, or trains. */
  async #turn(next: NumberedOrder | undefined): Promise<void> {
    if (this.#engines.isLost) await this.#recover();
    const engine = await this.#engines.engine();
    if (next) return this.#obey(next, engine);
    const { experiment } = this.#setup;
    if (!experiment) return this.#rest();
    const viewWait = this.#setup.isBehindCpu ? Number.POSITIVE_INFINITY : this.#viewer.wait;
    if (viewWait === 0) return this.#tell({ view: await this.#viewer.show(experiment, engine, this.#player.playing) });
    if (this.#jobs.isBusy) return this.#rest(viewWait);
    const job = this.#jobs.next(performance.now() >= this.#trainAt);
    if (job === 'train') return this.#train(experiment);
    if (job) return this.#jobs.start(job, engine, experiment);
    return this.#rest(Math.min(this.#trainAt - performance.now(), viewWait));
  }

  async #train(experiment: Experiment): Promise<void> {
    const started = performance.now();
    const done = await this.#player.advance(experiment);
    this.#jobs.countTraining(performance.now() - started);
    if (typeof done === 'number') this.#trainAt = performance.now() + done;
    if (done === 'trained') this.#viewer.changed();
    if (done === 'paused') this.#viewer.refresh();
  }

  async #obey({ order, number }: NumberedOrder, engine: Engine): Promise<void> {
    const player = this.#player;
    player.obeyed = number;
    this.#trainAt = 0;
    const { experiment } = this.#setup;
    if (FRESH_STARTS.includes(order.kind) && number > this.#saidAt) this.#say('');
    switch (order.kind) {
      case 'view':
        return this.#viewer.look(order.view);
      case 'speed':
        return player.pace.limitSpeed(order.stepsPerSecond, experiment?.runs ?? []);
      case 'lose device':
        return this.#engines.destroy();
      case 'stop search':
        return this.#jobs.stop('search', 'asked');
      case 'stop verify':
        return this.#jobs.stop('verify', 'asked');
      case 'export search':
        if (this.#search) this.#tell({ files: [this.#search.file(order.format)] });
        return;
      case 'state':
        return this.#changed(await this.#setup.set(order.state, engine));
      case 'open':
        if (!experiment) throw new Error(words.notReady);
        return this.#reading.read(order, () => ({
          experiment: this.#setup.experiment ?? experiment,
          engine,
          files: this.#setup.files,
        }));
    }
    if (!experiment) {
      if (order.kind === 'play' || order.kind === 'pause') player.playing = order.kind === 'play';
      return;
    }
    switch (order.kind) {
      case 'play':
        player.play(experiment);
        break;
      case 'pause':
        player.pause();
        break;
      case 'step':
        await player.step(experiment);
        break;
      case 'reset':
        await this.#setup.reset(engine);
        break;
      case 'search':
        this.#search = new (await import('./search.js')).MapSearch(engine, experiment, order.plan, this.#tell);
        return this.#jobs.add(this.#search);
      case 'verify':
        return this.#jobs.add(new (await import('./verify.js')).Check(this.#tell));
      case 'predict': {
        const { predictRow } = await import('../exports/predictions.js');
        return this.#tell({ prediction: await predictRow(experiment, engine, order.row) });
      }
      case 'export':
        return this.#tell({
          files: await (await import('../exports/export-files.js')).exportFiles(experiment, order, engine),
        });
    }
    return this.#changed();
  }

  /** Moves everything to another device. */
  async #recover(): Promise<void> {
    await this.#jobs.settled();
    this.#trainAt = 0;
    return this.#changed(await this.#setup.moveTo(await this.#engines.replace()));
  }

  /** Stops training until the next order, so that the same error does not repeat. */
  #stop(): void {
    this.#player.playing = false;
    this.#trainAt = Number.POSITIVE_INFINITY;
    this.#player.tell(this.#setup.experiment);
  }

  /** Takes the failure of something that no order waits for. */
  #fail(error: unknown): void {
    if (isDeviceLost(error)) this.#engines.markLost();
    else this.#say(inWords(error));
  }

  /** Shows an error; an empty text clears it. */
  #say(problem: string): void {
    if (problem || this.#problem) this.#tell({ problem });
    this.#problem = problem;
    this.#saidAt = this.#orders.taken;
  }

  /** Tells of a change. @param isOther true if the data or the network are others: a search was not of them */
  async #changed(isOther = false): Promise<void> {
    if (isOther) this.#viewer.forgetTime();
    this.#viewer.refresh();
    this.#player.tell(this.#setup.experiment);
    if (isOther) await this.#jobs.stop('search', 'changed');
  }

  #tellJobs(): void {
    const { experiment } = this.#setup;
    const own = this.#jobs.facts(experiment && this.#player.training(experiment));
    const { facts } = this.#reading;
    const jobs = facts ? [...own, facts] : own;
    if (!same(jobs, this.#told)) this.#tell({ jobs });
    this.#told = jobs;
  }

  /** Waits for an order, a lost device, or the end of some time. */
  #rest(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      if (this.#orders.first || this.#engines.isLost) return resolve();
      this.#wake = resolve;
      if (milliseconds < Number.POSITIVE_INFINITY) setTimeout(resolve, milliseconds);
    });
  }
}
