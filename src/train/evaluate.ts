import type { Dataset } from '../data/dataset.js';
import type { MetricRow, Program } from '../graph/engine.js';
import { metricsOf } from '../nn/traced-model.js';
import { makeOncePer } from '../promises/make-once.js';
import type { DataCache } from './data-cache.js';
import type { MemberWeights } from './fit-options.js';
import { batchesOf, chunks, Pace } from './pace.js';
import { type Evaluation, meansOf, type PerMember, totalsOf } from './reports.js';
import type { Session } from './session.js';

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
    const penalties = session.executor.allCompiled().then(() => penaltiesOf(session));
    const [rows, penalty] = await Promise.all([this.#rowsOf(data, weights), penalties]);
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

/**
 * Returns the penalty of every member's parameters as they are after what has been started; NaN where a member has
 * diverged.
 */
export async function penaltiesOf(session: Session): Promise<number[]> {
  session.check();
  const { members, compiled, ledger } = session;
  const { penalty } = compiled;
  if (!penalty) return members.map(() => 0);
  penalty.run([session.contexts(ledger.steps, 0, { count: 1 })]);
  const measured = penalty.metrics(1);
  const { allRead } = ledger;
  const [row] = await measured;
  await allRead; // who has diverged is known then
  return row.map(({ values }, member) =>
    ledger.diverged[member] ? Number.NaN : values.reduce((sum, [value]) => sum + value, 0),
  );
}
