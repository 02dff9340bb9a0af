import type { Executor, Program } from '../graph/executor.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Session } from './session.js';

/** Compiles the program that measures every parameter's penalty; undefined if nothing is penalised. */
export async function compilePenalties(executor: Executor, model: TracedModel): Promise<Program | undefined> {
  const metrics = model.penalties();
  if (metrics.length === 0) return undefined;
  return executor.compile({ updates: [], metrics, outputs: [] }, model.scalars, { ring: 'penalties' });
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
