import type { Program } from '../graph/executor.js';
import { metricsOf } from '../nn/traced-model.js';
import { chunks } from './chunks.js';
import type { DataCache } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { Pace } from './pace.js';
import type { Evaluation } from './reports.js';
import type { Session } from './session.js';

/** Measures a model on data sets, without dropout. */
export class Evaluator {
  readonly #session: Session;
  readonly #data: DataCache;
  #program: Promise<Program> | undefined;

  constructor(session: Session, data: DataCache) {
    this.#session = session;
    this.#data = data;
  }

  /** The mean loss and the accuracy over all examples, in the order they have. */
  async evaluate(data: Dataset): Promise<Evaluation> {
    const session = this.#session;
    this.#program ??= this.#compile();
    const program = await this.#program;
    const loaded = await this.#data.take(data);
    const batches = batchesOf(data.examples, session.options.batchSize);
    const pace = new Pace(program.slots);
    const sums: (readonly Float32Array[])[] = [];
    try {
      while (sums.length < batches.length) {
        const run = batches.slice(sums.length, sums.length + pace.steps);
        loaded.setOrder('as is'); // training may have set its own since
        for (const batchesOfSubmit of chunks(run, pace.submit)) {
          program.run(
            batchesOfSubmit.map(({ row, count }) => [session.context(session.steps, row, count)]),
            loaded.program,
          );
        }
        for (const [{ values }] of await program.metrics(run.length)) sums.push(values);
        session.check();
        pace.note(run.length);
      }
    } finally {
      this.#data.giveBack(data);
    }
    const penalty = await session.penalty();
    const mean = session.mean(session.total(sums), data.examples);
    return { ...mean, penalty, objective: mean.loss + penalty };
  }

  #compile(): Promise<Program> {
    const { model, compiled, executor } = this.#session;
    const metrics = metricsOf(model.metrics(compiled.x, compiled.y, false));
    const program = executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring: 'evaluation' });
    program.catch(() => {
      this.#program = undefined;
    });
    return program;
  }
}

/** The batches of a pass over `examples` rows; the last may be shorter. */
export function batchesOf(examples: number, batchSize: number, from = 0): { row: number; count: number }[] {
  return Array.from({ length: Math.ceil((examples - from) / batchSize) }, (_, i) => {
    const row = from + i * batchSize;
    return { row, count: Math.min(batchSize, examples - row) };
  });
}
