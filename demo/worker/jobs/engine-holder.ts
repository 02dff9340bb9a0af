import type { Engine } from 'wgrad';
import type { Frame } from '../../contract/protocol.js';
import { worker as words } from '../../words/words.js';
import { type OpenEngine, openGpu, withoutGpu } from '../open-engine.js';

/** Delays before each try to get another device, in milliseconds. */
const WAITS = [0, 1000, 5000];

/** Holds the engine: opens the first one, notices when its device is lost, and opens another. */
export class EngineHolder {
  readonly #tell: (frame: Frame) => void;
  readonly #onLost: () => void;
  #open: OpenEngine | undefined;
  #recovered = 0;
  /** True from the moment the device is lost until another one is open. */
  isLost = false;

  constructor(tell: (frame: Frame) => void, onLost: () => void) {
    this.#tell = tell;
    this.#onLost = onLost;
  }

  /** Returns the engine, which the first call opens; without a GPU it runs on the CPU, and a notice says why. */
  async engine(): Promise<Engine> {
    if (!this.#open) this.#use(await openGpu().catch((error: unknown) => this.#reference(withoutGpu(error))));
    return (this.#open as OpenEngine).engine;
  }

  /** Replaces the engine whose device was lost; without another device the new one runs on the CPU. */
  async replace(): Promise<Engine> {
    this.#tellFacts();
    let last: unknown;
    for (const wait of WAITS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        const open = await openGpu();
        this.#recovered++;
        this.#use(open);
        return open.engine;
      } catch (error) {
        last = error;
      }
    }
    this.#use(await this.#reference(words.lostForGood(withoutGpu(last))));
    return this.engine();
  }

  /** Notes that the device is lost. */
  markLost(): void {
    this.isLost = true;
    this.#onLost();
  }

  /** Destroys the device with everything on it. @throws Error if there is none */
  destroy(): void {
    if (!this.#open?.destroy) throw new Error(words.noDevice);
    this.#open.destroy();
  }

  #use(open: OpenEngine): void {
    this.#open?.engine.dispose();
    this.#open = open;
    this.isLost = false;
    void open.lost.then(() => {
      if (this.#open === open) this.markLost();
    });
    this.#tellFacts();
  }

  async #reference(notice: string): Promise<OpenEngine> {
    this.#tell({ notice });
    return (await import('../open-reference.js')).openReference();
  }

  #tellFacts(): void {
    if (!this.#open) return;
    const { backend, adapter, software } = this.#open.engine.info;
    this.#tell({ engine: { backend, adapter, software, recovered: this.#recovered, lost: this.isLost } });
  }
}
