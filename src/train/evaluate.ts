import type { Dataset } from '../data/dataset.js';
import type { MetricRow, Program } from '../graph/executor.js';
import { metricsOf } from '../nn/traced-model.js';
import { makeOncePer } from '../promises/make-once.js';
import { chunks } from './chunks.js';
import type { DataCache } from './data-cache.js';
import type { MemberWeights } from './fit-options.js';
import { Pace } from './pace.js';
import { penaltiesOf } from './penalties.js';
import type { Evaluation, PerMember } from './reports.js';
import type { Session } from './session.js';
import { meansOf, totalsOf } from './totals.js';

/** Measures a session's members on data sets, without dropout. */
export class Evaluator {
  readonly #session: Session;
  readonly #data: DataCache;
  readonly #programs = new Map<boolean, Promise<Program>>();

  constructor(session: Session, data: DataCache) {
    this.#session = session;
    this.#data = data;
  }

  /** Returns the mean loss, the accuracy and the penalty over all examples, in the order of the data. */
  async evaluate(data: Dataset, weights?: MemberWeights): Promise<PerMember<Evaluation>> {
    const session = this.#session;
    const [rows, penalty] = await Promise.all([this.#rowsOf(data, weights), penaltiesOf(session)]);
    const sums = weights
      ? weights.map((each) => each.reduce((sum, weight) => sum + weight, 0))
      : session.members.map(() => data.examples);
    const totals = totalsOf(rows, sums, (member) => session.ledger.diverged[member] !== undefined);
    const { loss, accuracy } = meansOf(totals, session.compiled.loss);
    return { loss, accuracy, penalty, objective: loss.map((each, i) => each + penalty[i]) };
  }

  /** Returns the metrics of every batch, by batch and member. */
  async #rowsOf(data: Dataset, weights: MemberWeights | undefined): Promise<MetricRow[][]> {
    const session = this.#session;
    const program = await this.#programOf(weights !== undefined);
    const loaded = await this.#data.take(data);
    const batches = batchesOf(data.examples, session.options.batchSize);
    const pace = new Pace(program.slots);
    const rows: MetricRow[][] = [];
    try {
      const gather = await loaded.gather(weights !== undefined);
      while (rows.length < batches.length) {
        const run = batches.slice(rows.length, rows.length + pace.steps);
        loaded.set('as is', weights); // training may have set its own since
        for (const batchesOfSubmit of chunks(run, pace.submit)) {
          const contexts = batchesOfSubmit.map(({ row, count }) =>
            session.contexts(session.ledger.steps, row, loaded.batchOf(row, count)),
          );
          program.run(contexts, gather);
        }
        rows.push(...(await program.metrics(run.length)));
        session.check();
        pace.note(run.length);
      }
    } finally {
      this.#data.giveBack(data);
    }
    return rows;
  }

  #programOf(weighted: boolean): Promise<Program> {
    return makeOncePer(this.#programs, weighted, () => {
      const { model, compiled, executor } = this.#session;
      const { x, y, rowWeights } = compiled;
      const metrics = metricsOf(model.metrics({ x, y, weights: weighted ? rowWeights : undefined }, false));
      const ring = weighted ? 'weighted evaluation' : 'evaluation';
      return executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring });
    });
  }
}

/** Returns the batches of a pass over `examples` rows; the last may be shorter. */
export function batchesOf(examples: number, batchSize: number, from = 0): { row: number; count: number }[] {
  return Array.from({ length: Math.ceil((examples - from) / batchSize) }, (_, i) => {
    const row = from + i * batchSize;
    return { row, count: Math.min(batchSize, examples - row) };
  });
}
