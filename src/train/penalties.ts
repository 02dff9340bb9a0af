import type { Session } from './session.js';

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
