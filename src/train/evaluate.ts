import type { Dataset } from '../data/dataset.js';
import { show } from '../errors/arguments.js';
import type { MetricRow, Program } from '../graph/executor.js';
import { metricsOf } from '../nn/traced-model.js';
import { chunks } from './chunks.js';
import type { DataCache } from './data-cache.js';
import { meansOf, NO_TOTALS, totalOf } from './metric-totals.js';
import { Pace } from './pace.js';
import type { Evaluation, PerMember } from './reports.js';
import type { Session, StartedBatch } from './session.js';

/** Weights of the examples of a data set, by member. */
export type MemberWeights = readonly Float32Array[];

/** Measures a session's members on data sets, without dropout. */
export class Evaluator {
  readonly #session: Session;
  readonly #data: DataCache;
  readonly #programs = new Map<boolean, Promise<Program>>();

  constructor(session: Session, data: DataCache) {
    this.#session = session;
    this.#data = data;
  }

  /** The mean loss, the accuracy and the penalty over all examples, in the order they have. */
  async evaluate(data: Dataset, weights?: MemberWeights): Promise<PerMember<Evaluation>> {
    const session = this.#session;
    const [rows, penalty] = await Promise.all([this.#rowsOf(data, weights), session.penalties()]);
    const totals = session.members.map((_, member) =>
      session.diverged[member] ? NO_TOTALS : totalOf(rows.map((members) => members[member].values)),
    );
    const sums = weights
      ? weights.map((each) => each.reduce((sum, weight) => sum + weight, 0))
      : session.members.map(() => data.examples);
    const { loss, accuracy } = meansOf(totals, sums, session.compiled.loss);
    return { loss, ...(accuracy && { accuracy }), penalty, objective: loss.map((each, i) => each + penalty[i]) };
  }

  /** The sums that the evaluation of every batch leaves, by batch and member. */
  async #rowsOf(data: Dataset, weights: MemberWeights | undefined): Promise<MetricRow[][]> {
    const session = this.#session;
    const program = await this.#programOf(weights !== undefined);
    const loaded = await this.#data.take(data);
    const batches = batchesOf(data.examples, session.options.batchSize);
    const pace = new Pace(program.slots);
    const rows: MetricRow[][] = [];
    try {
      const gather = weights ? await loaded.withWeights() : loaded.program;
      while (rows.length < batches.length) {
        const run = batches.slice(rows.length, rows.length + pace.steps);
        loaded.setOrder('as is'); // training may have set its own since
        if (weights) loaded.setWeights(weights);
        for (const batchesOfSubmit of chunks(run, pace.submit)) {
          const started = batchesOfSubmit.map(({ row, count }): StartedBatch & { row: number } =>
            weights ? { row, count, weights: loaded.weightsOf(row, count) } : { row, count },
          );
          program.run(
            started.map((batch) => session.contexts(session.steps, batch.row, batch)),
            gather,
          );
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
    const known = this.#programs.get(weighted);
    if (known) return known;
    const { model, compiled, executor, weightsLeaf } = this.#session;
    const { x, y } = compiled;
    const metrics = metricsOf(model.metrics(weighted ? { x, y, weights: weightsLeaf } : { x, y }, false));
    const ring = weighted ? 'weighted evaluation' : 'evaluation';
    const program = executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring });
    this.#programs.set(weighted, program);
    program.catch(() => this.#programs.delete(weighted));
    return program;
  }
}

/**
 * Refuses weights that are not one finite number >= 0 an example and member, or that leave a member without examples.
 * @throws TypeError or RangeError naming `where`, `name`, the member and the row
 */
export function checkWeights(where: string, name: string, weights: MemberWeights, { examples }: Dataset): void {
  for (const [member, own] of weights.entries()) {
    const place = `${where}: ${weights.length > 1 ? `${name}[${member}]` : name}`;
    if (!(own instanceof Float32Array)) throw new TypeError(`${place} must be a Float32Array, got ${show(own)}`);
    if (own.length !== examples) {
      throw new RangeError(`${place} must have one weight for each of ${examples} examples, got ${own.length}`);
    }
    const bad = own.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
    if (bad >= 0) throw new RangeError(`${place} must hold finite numbers >= 0, got ${own[bad]} at row ${bad}`);
    if (own.every((weight) => weight === 0)) throw new RangeError(`${place} must not all be 0`);
  }
}

/** The batches of a pass over `examples` rows; the last may be shorter. */
export function batchesOf(examples: number, batchSize: number, from = 0): { row: number; count: number }[] {
  return Array.from({ length: Math.ceil((examples - from) / batchSize) }, (_, i) => {
    const row = from + i * batchSize;
    return { row, count: Math.min(batchSize, examples - row) };
  });
}
