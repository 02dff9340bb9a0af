import { type Engine, loadTrainer } from 'wgrad';
import { type VerifyProgress, verify } from 'wgrad/verify';
import type { Frame, VerifyFacts } from '../../contract/protocol.js';
import { inWords } from '../../words/errors.js';
import { worker as words } from '../../words/words.js';
import type { Experiment } from '../experiment.js';
import { isDeviceLost } from '../is-device-lost.js';
import type { Job } from './job.js';

const SECTIONS = ['randomness', 'kernels', 'gradients', 'steps'] as const satisfies VerifyProgress['section'][];

/** Verifies the GPU against the float64 reference on a copy of the selected run. It is one turn, begun again if the device is lost. */
export class Check implements Job {
  readonly name = 'verify';
  isOver = false;
  readonly #tell: (frame: Frame) => void;
  readonly #stop = new AbortController();
  #facts: VerifyFacts = { running: true, done: 0, total: 100, doing: words.copying };

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
  }

  get progress(): number {
    return this.#facts.done / this.#facts.total;
  }

  async turn(engine: Engine, { selected }: Experiment): Promise<void> {
    if (engine.info.backend === 'reference') {
      return this.#end({ failed: words.noGpuToCheck });
    }
    this.#say({ done: 0, doing: words.copying });
    try {
      using trainer = await loadTrainer(engine, await selected.network.save());
      const report = await verify(trainer, {
        quick: true,
        signal: this.#stop.signal,
        onProgress: ({ section, name, done, total }) => {
          const share = (SECTIONS.indexOf(section) + done / Math.max(1, total)) / SECTIONS.length;
          this.#say({ done: Math.floor(100 * share), doing: `${section}: ${name}` });
        },
      });
      const { passed, verdict, omitted } = report;
      const json = `${JSON.stringify(report, undefined, 2)}\n`;
      this.#end({ done: 100, report: { passed, verdict, omitted: omitted.length, text: String(report), json } });
    } catch (error) {
      if (isDeviceLost(error) && !this.isOver) throw error; // it begins again on the next device
      this.#end({ failed: inWords(error) });
    }
  }

  stop(): void {
    this.#stop.abort();
    this.#end({ failed: words.stopped });
  }

  #end(outcome: Partial<VerifyFacts>): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#facts = { ...this.#facts, ...outcome, running: false, doing: '' };
    this.#tell({ verify: this.#facts });
  }

  #say(more: Partial<VerifyFacts>): void {
    if (this.isOver) return;
    this.#facts = { ...this.#facts, ...more };
    this.#tell({ verify: this.#facts });
  }
}
