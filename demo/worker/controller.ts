import type { Engine } from 'wgrad';
import type { Frame, Order } from '../contract/protocol.js';
import { EngineHolder } from './engine-holder.js';
import { isDeviceLost } from './is-device-lost.js';
import { type NumberedOrder, OrderQueue } from './order-queue.js';
import { Player } from './player.js';
import { Setup } from './setup.js';
import { SideTask } from './side-task.js';
import { task } from './task.js';
import { Viewer } from './viewer.js';

/** Orders that clear an earlier error. */
const FRESH_STARTS: readonly Order['kind'][] = ['play', 'step', 'reset', 'open', 'search', 'verify'];

/** Obeys the orders of the page one by one, and trains in between. */
export class Controller {
  readonly #tell: (frame: Frame) => void;
  readonly #engines: EngineHolder;
  readonly #player: Player;
  readonly #setup: Setup;
  readonly #side: SideTask;
  readonly #viewer = new Viewer();
  readonly #orders = new OrderQueue();
  #problem = '';
  /** Number of orders before the last error was shown: none of them answers it. */
  #saidAt = 0;
  #wake = () => {};

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
    this.#engines = new EngineHolder(tell, () => this.#wake());
    this.#player = new Player(tell);
    this.#setup = new Setup(tell, this.#player);
    this.#side = new SideTask(tell, (error) => {
      if (isDeviceLost(error)) this.#engines.markLost();
      else if (error !== undefined) this.#say(messageOf(error));
      this.#wake();
    });
  }

  /** Queues an order. */
  take(order: Order): void {
    this.#orders.take(order);
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
          this.#say(messageOf(error));
          if (next) this.#orders.done(next);
          else await this.#stop();
        }
      }
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
    if (this.#viewer.wait === 0) return this.#tell({ view: await this.#viewer.show(experiment) });
    if (this.#side.isRunning) return this.#rest(this.#viewer.wait);
    const done = await this.#player.advance(experiment);
    if (typeof done === 'number') return this.#rest(Math.min(done, this.#viewer.wait));
    if (done === 'trained') this.#viewer.changed();
    if (done === 'paused') this.#viewer.refresh();
  }

  async #obey({ order, number }: NumberedOrder, engine: Engine): Promise<void> {
    const player = this.#player;
    player.obeyed = number;
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
      case 'stop verify':
        return this.#side.stop();
      case 'export search':
        return this.#side.exportSearch(order.format);
      case 'state':
        if (await this.#setup.set(order.state, engine)) await this.#side.stop(); // it was of another experiment
        return this.#changed();
      case 'open':
        if (await this.#setup.open(order.files, engine)) await this.#side.stop();
        return this.#changed();
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
        return this.#side.search(engine, experiment, order.plan);
      case 'verify':
        return this.#side.verify(engine, experiment);
      case 'export':
        return this.#tell({ files: await (await import('./export-files.js')).exportFiles(experiment, order.what) });
    }
    this.#changed();
  }

  /** Moves everything to another device. */
  async #recover(): Promise<void> {
    await this.#side.stop();
    await this.#setup.moveTo(await this.#engines.replace());
    this.#changed();
  }

  /** Stops until the next order, so that the same error does not repeat. */
  async #stop(): Promise<void> {
    this.#player.playing = false;
    this.#player.tell(this.#setup.experiment);
    await this.#rest();
  }

  /** Shows an error; an empty text clears it. */
  #say(problem: string): void {
    if (problem || this.#problem) this.#tell({ problem });
    this.#problem = problem;
    this.#saidAt = this.#orders.taken;
  }

  #changed(): void {
    this.#viewer.refresh();
    this.#player.tell(this.#setup.experiment);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
