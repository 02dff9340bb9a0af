import { EngineError } from '../errors/engine-error.js';

/** A step on buffers of the caller's, which WebGPU may refuse; `E` is what stands for it in the account. */
interface Offered<E> {
  readonly step: number;
  readonly entry: E;
  /** Resolves to WebGPU's refusal, if it refuses. */
  readonly refusal: Promise<EngineError | undefined>;
}

/** The steps on buffers of the caller's that WebGPU has not answered yet. */
export class OfferedSteps<E> {
  /** Oldest first. */
  #offered: Offered<E>[] = [];
  /** Settles once the answers awaited so far have been heard. */
  #heard: Promise<void> = Promise.resolve();
  readonly #refuse: (entry: E) => void;

  /** @param refuse is called for every step that was refused, the last one first */
  constructor(refuse: (entry: E) => void) {
    this.#refuse = refuse;
  }

  get isEmpty(): boolean {
    return this.#offered.length === 0;
  }

  add(offered: Offered<E>): void {
    offered.refusal.catch(() => {}); // heard later
    this.#offered.push(offered);
  }

  /** Forgets all steps, since training went back. */
  clear(): void {
    this.#offered = [];
  }

  /** Waits for all answers. @throws EngineError of kind `validation`, once, if steps were refused */
  hear(): Promise<void> {
    this.#heard = this.#heard.catch(() => {}).then(() => this.#hearAll());
    return this.#heard;
  }

  async #hearAll(): Promise<void> {
    const offered = this.#offered.splice(0);
    if (offered.length === 0) return;
    const answers = await Promise.all(
      offered.map(async ({ step, entry, refusal }) => ({ step, entry, cause: await refusal })),
    );
    const refused = answers.filter(({ cause }) => cause);
    for (const { entry } of refused.toReversed()) this.#refuse(entry);
    const [first] = refused;
    if (!first) return;
    const others = refused.length > 1 ? ` and ${refused.length - 1} more were` : ' was';
    const { cause } = first;
    throw new EngineError('validation', `step: step ${first.step}${others} not taken: ${cause?.message}`, { cause });
  }
}
