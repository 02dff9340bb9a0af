import { EngineError } from '../errors/engine-error.js';
import { GpuExecutor } from '../gpu/gpu-executor.js';
import { GpuProgram } from '../gpu/gpu-program.js';
import { runUpTo } from '../gpu/run-up-to.js';
import type { Executor, Program } from '../graph/executor.js';
import type { Tensor } from '../ops/tensor.js';
import { dropoutLayersOf } from './dropout-layers.js';
import type { Session } from './session.js';

/**
 * A session's training program on memory of its own, in which masks show: every parameter is positive, every input is 1,
 * and all activations are positive where their input is, so that what enters a dropout layer is nowhere 0. Only the
 * dispatches up to the layer run, which change no state.
 */
export class MaskReader {
  readonly #session: Session;
  readonly #layers: readonly Tensor[];
  readonly #executor: Executor;
  readonly #program: Program;
  /** By layer: that all of it shows where nothing is dropped. */
  readonly #checked = new Map<number, Promise<void>>();

  /** Compiles, and frees what it made when the session is disposed. */
  static async create(session: Session): Promise<MaskReader> {
    const { engine, model, compiled } = session;
    const layers = dropoutLayersOf('readDropoutMask', session);
    const executor = engine.createExecutor({ slots: 1, debug: false });
    try {
      const program = await compile(session, executor, layers);
      executor.write(compiled.x, new Float32Array(compiled.x.rows * compiled.x.cols).fill(1));
      for (const { tensor, role } of model.parameters) {
        const { rows, cols } = tensor;
        executor.write(tensor, new Float32Array(rows * cols).fill(role === 'bias' ? 1 : 1 / rows));
      }
      session.adopt(executor);
      return new MaskReader(session, layers, executor, program);
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  private constructor(session: Session, layers: readonly Tensor[], executor: Executor, program: Program) {
    this.#session = session;
    this.#layers = layers;
    this.#executor = executor;
    this.#program = program;
  }

  /** What a layer keeps at a step and a rate, [rows, cols]: 1 is kept. */
  async read(layer: number, step: number, rate: number): Promise<Uint8Array> {
    let checked = this.#checked.get(layer);
    if (!checked) {
      checked = this.#check(layer);
      this.#checked.set(layer, checked);
      checked.catch(() => this.#checked.delete(layer));
    }
    const [values] = await Promise.all([this.#run(layer, step, rate), checked]);
    return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  }

  async #check(layer: number): Promise<void> {
    if (!(await this.#run(layer, 0, 0)).includes(0)) return;
    throw new EngineError(
      'unsupported',
      `readDropoutMask: what enters dropout layer ${layer} is 0 in places, whatever is dropped`,
    );
  }

  /** The layer's output; no other layer drops anything. */
  async #run(layer: number, step: number, rate: number): Promise<Float32Array> {
    const session = this.#session;
    const rates = this.#layers.map((_, i) => [`dropout.${i}`, i === layer ? rate : 0]);
    const context = session.context(step, 0, session.options.batchSize);
    const contexts = [{ ...context, hyper: { ...context.hyper, ...Object.fromEntries(rates) } }];
    const [executor, program, tensor] = [this.#executor, this.#program, this.#layers[layer]];
    if (executor instanceof GpuExecutor && program instanceof GpuProgram) {
      return runUpTo(executor, program, contexts, tensor);
    }
    const [[values]] = await program.collect([contexts], tensor);
    return values;
  }
}

/** The step that the session trains with, so that its pipelines are there already; on the reference, its forward pass. */
async function compile(session: Session, executor: Executor, taps: readonly Tensor[]): Promise<Program> {
  const { model, compiled, executor: trained } = session;
  if (!(executor instanceof GpuExecutor)) {
    return executor.compile({ updates: [], metrics: [], outputs: [] }, model.scalars);
  }
  const { preferences } = trained instanceof GpuExecutor ? trained.planOptions({}) : {};
  return executor.compile(model.step(compiled), model.scalars, {
    watch: true,
    keeps: false,
    taps,
    ...(preferences && { preferences }),
  });
}
