import { type Facts, survey, type TrialRequest, tryMutant } from './trial.js';
import { World } from './world.js';

/** A request of the parent process. */
export type Order =
  | { readonly kind: 'survey'; readonly quick: boolean }
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'trial'; readonly trial: TrialRequest };

/** Takes orders from the parent until it is killed: one mutant at a time, in an instance of the library of its own. */
export async function main(): Promise<number> {
  const tell = (message: object) => process.send?.(message);
  const alive = (name: string) => tell({ kind: 'alive', name });
  const world = await World.create();
  const kills = new Map<string, number>();
  let facts: Facts = {};
  const take = async (order: Order) => {
    if (order.kind === 'facts') facts = order.facts;
    else if (order.kind === 'survey') {
      facts = await survey(world, order.quick, alive);
      tell({ kind: 'facts', facts });
    } else {
      await tryMutant(world, order.trial, { facts, kills, alive }, (result) => tell({ kind: 'result', result }));
    }
  };
  process.on('message', (order: Order) => {
    take(order).catch((error: unknown) =>
      tell({ kind: 'failed', message: String(error instanceof Error ? error.stack : error) }),
    );
  });
  // A mutant may leave promises behind that nobody waits for any more.
  process.on('unhandledRejection', () => {});
  tell({ kind: 'ready' });
  return new Promise(() => {});
}
