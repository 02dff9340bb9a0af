import type { MetricRow, Program, StepContexts } from '../graph/executor.js';
import { metricsOf } from '../nn/traced-model.js';
import { chunks } from './chunks.js';
import type { BatchOwner, DataCache } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { type Totals, totalOf } from './metric-totals.js';
import { Pace } from './pace.js';
import type { Evaluation } from './reports.js';
import type { Session } from './session.js';

/** Sums of losses and of right answers over data sets, without dropout: of one network, or of several side by side. */
export class DataTotals {
  readonly #owner: BatchOwner;
  readonly #data: DataCache;
  readonly #contexts: (row: number, count: number) => StepContexts;
  #program: Promise<Program> | undefined;

  /** @param contexts what the members' host functions see of `count` rows from `row` */
  constructor(owner: BatchOwner, data: DataCache, contexts: (row: number, count: number) => StepContexts) {
    this.#owner = owner;
    this.#data = data;
    this.#contexts = contexts;
  }

  /** Over all examples, in the order they have, by member. */
  async of(data: Dataset): Promise<Totals[]> {
    const owner = this.#owner;
    this.#program ??= this.#compile();
    const program = await this.#program;
    const loaded = await this.#data.take(data);
    const batches = batchesOf(data.examples, owner.options.batchSize);
    const pace = new Pace(program.slots);
    const rows: MetricRow[][] = [];
    try {
      while (rows.length < batches.length) {
        const run = batches.slice(rows.length, rows.length + pace.steps);
        loaded.setOrder('as is'); // training may have set its own since
        for (const batchesOfSubmit of chunks(run, pace.submit)) {
          program.run(
            batchesOfSubmit.map(({ row, count }) => this.#contexts(row, count)),
            loaded.program,
          );
        }
        rows.push(...(await program.metrics(run.length)));
        owner.check();
        pace.note(run.length);
      }
    } finally {
      this.#data.giveBack(data);
    }
    return Array.from({ length: owner.executor.members }, (_, member) =>
      totalOf(rows.map((members) => members[member].values)),
    );
  }

  #compile(): Promise<Program> {
    const { model, compiled, executor } = this.#owner;
    const metrics = metricsOf(model.metrics(compiled.x, compiled.y, false));
    const program = executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring: 'evaluation' });
    program.catch(() => {
      this.#program = undefined;
    });
    return program;
  }
}

/** Measures a trainer's model on data sets, without dropout. */
export class Evaluator {
  readonly #session: Session;
  readonly #totals: DataTotals;

  constructor(session: Session, data: DataCache) {
    this.#session = session;
    this.#totals = new DataTotals(session, data, (row, count) => [session.context(session.steps, row, count)]);
  }

  /** The mean loss and the accuracy over all examples, in the order they have. */
  async evaluate(data: Dataset): Promise<Evaluation> {
    const [totals] = await this.#totals.of(data);
    const penalty = await this.#session.penalty();
    const mean = this.#session.mean(totals, data.examples);
    return { ...mean, penalty, objective: mean.loss + penalty };
  }
}

/** The batches of a pass over `examples` rows; the last may be shorter. */
export function batchesOf(examples: number, batchSize: number, from = 0): { row: number; count: number }[] {
  return Array.from({ length: Math.ceil((examples - from) / batchSize) }, (_, i) => {
    const row = from + i * batchSize;
    return { row, count: Math.min(batchSize, examples - row) };
  });
}
