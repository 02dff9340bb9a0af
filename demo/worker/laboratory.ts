import type { Engine } from 'wgrad';
import type { Frame, Order } from '../contract/protocol.js';
import type { State } from '../contract/state.js';
import { dataFacts } from './data/loaded-data.js';
import { Experiment } from './experiment.js';
import { fitState, GPU_ROOM, REFERENCE_ROOM } from './fit-state.js';
import { type OpenEngine, openGpu, openReference, withoutGpu } from './open-engine.js';
import { Player } from './player.js';
import type { Run } from './run.js';
import { task } from './task.js';
import { Viewer } from './viewer.js';
import { weightsHash } from './weights-hash.js';

/** Does what the page orders, one thing after another, and trains in between. */
export class Laboratory {
  readonly #tell: (frame: Frame) => void;
  readonly #orders: Order[] = [];
  readonly #player = new Player();
  readonly #viewer = new Viewer();
  #wake = () => {};
  #open: OpenEngine | undefined;
  #experiment: Experiment | undefined;

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
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
      try {
        await this.#turn();
      } catch (error) {
        this.#player.playing = false;
        this.#tell({ problem: messageOf(error) });
        this.#tellTraining();
        await this.#rest(); // rather than fail again and again
      }
      await task(); // where nothing waits for a GPU, messages come in here
    }
  }

  /** The next thing to do. */
  async #turn(): Promise<void> {
    const engine = this.#open?.engine ?? (await this.#start());
    const order = this.#orders.shift();
    if (order) return this.#obey(order, engine);
    const experiment = this.#experiment;
    if (!experiment) return this.#rest();
    if (this.#viewer.wait === 0) return this.#tell({ view: await this.#viewer.show(experiment) });
    const fresh = experiment.runs.find(({ history }) => history.lastStep < 0);
    if (fresh) return this.#measure(fresh);
    const next = this.#player.playing ? this.#player.next(experiment) : undefined;
    if (next) return this.#train(experiment, next);
    if (this.#player.playing) {
      this.#player.playing = false;
      this.#viewer.refresh();
      return this.#tellTraining();
    }
    const moved = experiment.runs.find(({ hash }) => !hash);
    if (!moved) return this.#rest(this.#viewer.wait);
    moved.hash = await weightsHash(moved.trainer);
    this.#tellRuns();
  }

  async #start(): Promise<Engine> {
    try {
      this.#open = await openGpu();
    } catch (error) {
      this.#tell({ notice: withoutGpu(error) });
      this.#open = await openReference();
    }
    const { engine } = this.#open;
    const { backend, adapter, software } = engine.info;
    this.#tell({ engine: { backend, adapter, software, recovered: 0, lost: false } });
    return engine;
  }

  async #obey(order: Order, engine: Engine): Promise<void> {
    const experiment = this.#experiment;
    switch (order.kind) {
      case 'state':
        return this.#set(order.state, engine);
      case 'play':
        if (experiment) this.#player.play(experiment.state, experiment.runs);
        return this.#tellTraining();
      case 'pause':
        this.#player.playing = false;
        this.#viewer.refresh();
        return this.#tellTraining();
      case 'step':
        return this.#step();
      case 'reset':
        if (!experiment) return;
        this.#experiment = await experiment.reset(engine);
        this.#player.restart();
        return this.#changed();
      case 'speed':
        return this.#player.setSpeed(order.stepsPerSecond, experiment?.runs ?? []);
      case 'view':
        return this.#viewer.look(order.view);
    }
  }

  /** Makes the page's state true. */
  async #set(wanted: State, engine: Engine): Promise<void> {
    const before = this.#experiment;
    const room = engine.info.backend === 'webgpu' ? GPU_ROOM : REFERENCE_ROOM;
    const state = fitState(wanted, room);
    this.#experiment = await Experiment.of(engine, state, before, (busy) => this.#tellTraining(busy));
    const { data, runs } = this.#experiment;
    if (state !== wanted) this.#tell({ state });
    if (data !== before?.data) this.#tell({ data: dataFacts(data) });
    if (state.steps !== before?.state.steps || !runs.some((run) => before.runs.includes(run))) this.#player.restart();
    this.#changed();
  }

  async #train(experiment: Experiment, run: Run): Promise<void> {
    const { state, runs } = experiment;
    const portion = this.#player.portion(run, state, runs);
    if ('wait' in portion) return this.#rest(Math.min(portion.wait, this.#viewer.wait));
    const { steps } = portion;
    const started = performance.now();
    await run.train(steps);
    this.#player.took(performance.now() - started, steps);
    if (!run.diverged && (run.untilMeasured === 0 || run.steps === state.steps)) await run.measure();
    this.#viewer.changed();
    this.#tellRuns();
    this.#tellTraining();
  }

  async #step(): Promise<void> {
    this.#player.playing = false;
    for (const run of this.#experiment?.runs ?? []) {
      if (run.diverged) continue;
      await run.train(1);
      if (!run.diverged) await run.measure();
    }
    this.#changed();
  }

  async #measure(run: Run): Promise<void> {
    await run.measure();
    this.#tellRuns();
  }

  #changed(): void {
    this.#viewer.refresh();
    this.#tellRuns();
    this.#tellTraining();
  }

  #tellRuns(): void {
    this.#tell({ runs: this.#experiment?.runs.map((run) => run.facts()) ?? [] });
  }

  #tellTraining(busy?: string): void {
    const { playing, stepMilliseconds } = this.#player;
    const { state, selected } = this.#experiment ?? {};
    this.#tell({
      training: {
        playing,
        steps: state?.steps ?? 0,
        ...(stepMilliseconds !== undefined && { stepMilliseconds }),
        dispatches: selected?.trainer.dispatchesPerStep ?? 0,
        memory: 0,
        ...(busy && { busy }),
      },
    });
  }

  /** Waits until there is an order, or for some time. */
  #rest(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      if (this.#orders.length > 0) return resolve();
      this.#wake = resolve;
      if (milliseconds < Number.POSITIVE_INFINITY) setTimeout(resolve, milliseconds);
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
