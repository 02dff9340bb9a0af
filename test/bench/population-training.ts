import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuProgram } from '../../src/gpu/gpu-program.js';
import { dataset, type MemberOptions } from '../../src/index.js';
import { DataCache } from '../../src/train/data-cache.js';
import { Members } from '../../src/train/members.js';
import { fresh, unpark } from '../../src/train/parked.js';
import { prepareMembers } from '../../src/train/prepare-members.js';
import type { Repeatable } from './contender.js';
import type { Problem } from './network.js';
import { modelOf, optionsOf } from './wgrad-contender.js';

/** Networks that train side by side. */
export interface PopulationTraining extends Repeatable {
  /** Dispatches of a step, with the gather. */
  readonly dispatches: number;
  /** Weights and biases of a member. */
  parameters(member: number): Promise<ArrayLike<number>[]>;
}

/**
 * Trains members of a population on one batch that lies on the device, as `fit` does: a gather before each step, and as
 * many steps in a submit as the step table holds. All of them start from the problem's weights, if there are any.
 */
export async function trainPopulation(
  engine: GpuEngine,
  { network, x, labels, start }: Problem,
  members: readonly MemberOptions[],
): Promise<PopulationTraining> {
  const { sizes, batchSize } = network;
  const { seed: _, ...options } = optionsOf(network);
  const prepared = prepareMembers('bench', engine, modelOf(network), {
    ...options,
    input: [sizes[0]],
    batchSize,
    members,
    shuffleSeed: 1,
    memory: Number.MAX_SAFE_INTEGER,
  });
  const session = await prepared.open(prepared.members, members.length);
  await unpark(session, fresh(prepared.members));
  const trained = new Members(session);
  const { executor, model, compiled } = session;
  for (const [i, { tensor }] of model.parameters.entries()) {
    if (i >= start.length) continue;
    for (const member of members.keys()) executor.write(tensor, start[i], member);
  }
  const classes = sizes[sizes.length - 1];
  const loaded = await new DataCache(session).take(dataset({ x, y: labels, features: sizes[0], classes }));
  loaded.set('as is', undefined);
  const program = compiled.program as GpuProgram;
  const gather = (await loaded.gather(false)) as GpuProgram;
  const last = model.parameters[model.parameters.length - 1].tensor;
  let steps = 0;
  return {
    dispatches: program.dispatches + gather.dispatches,
    run: async (count) => {
      for (let left = count; left > 0; left -= program.slots) {
        const contexts = Array.from({ length: Math.min(left, program.slots) }, (_, i) =>
          session.contexts(steps + i, 0, { count: batchSize }),
        );
        program.run(contexts, gather);
        steps += contexts.length;
      }
      await executor.read([last], members.length - 1);
    },
    parameters: async (member) => (await trained.weights(member)).map(({ data }) => data),
    dispose: () => session.dispose(),
  };
}
