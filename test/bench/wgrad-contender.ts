import type { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuProgram } from '../../src/gpu/gpu-program.js';
import {
  createEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Layer,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { matmul } from '../../src/ops/index.js';
import { input } from '../../src/ops/leaves.js';
import { Trace } from '../../src/ops/tensor.js';
import { DataCache } from '../../src/train/data-cache.js';
import { sessionOf } from '../../src/train/trainer.js';
import { verify } from '../../src/verify.js';
import type { Contender, Feed, Multiplication, Product, Training } from './contender.js';
import type { Network, Problem } from './network.js';

/** wgrad on a device of its own. */
export class WgradContender implements Contender {
  readonly name = 'wgrad';
  readonly engine: GpuEngine;

  static async open(gpu: GPU): Promise<WgradContender> {
    return new WgradContender((await createEngine({ gpu })) as GpuEngine);
  }

  private constructor(engine: GpuEngine) {
    this.engine = engine;
  }

  async train(problem: Problem, feed: Feed): Promise<Training> {
    const { x, labels: y, network, start } = problem;
    const trainer = await trainerOf(this.engine, network);
    const session = sessionOf(trainer);
    const { executor, model } = session;
    for (const [i, { tensor }] of model.parameters.entries()) executor.write(tensor, start[i]);
    const last = model.parameters[model.parameters.length - 1].tensor;
    const loaded = feed === 'resident' ? await loadBatch(trainer, problem) : undefined;
    return {
      run: async (count) => {
        if (loaded) replay(trainer, loaded, count);
        else for (let i = 0; i < count; i++) trainer.step({ x, y });
        await executor.read([last]);
      },
      parameters: async () => (await trainer.weights()).map(({ data }) => data),
      dispose: () => trainer.dispose(),
    };
  }

  async multiply({ form, size, a, b }: Product): Promise<Multiplication> {
    const executor = this.engine.createExecutor({ slots: 64 });
    const trace = new Trace();
    const [left, right] = [input(trace, 'a', size, size), input(trace, 'b', size, size)];
    const y = matmul(left, right, { transposeA: form === 'tn', transposeB: form === 'nt' });
    const program = await executor.compile({ updates: [], metrics: [], outputs: [y] }, new Map());
    executor.write(left, a);
    executor.write(right, b);
    const view = program.plan.view(y);
    if (!view) throw new Error('bench: the product lies nowhere');
    const read = (rows: number) => executor.commands.readBack([executor.memory.region(view, rows, 0)]);
    return {
      run: async (count) => {
        repeat(program, count);
        await read(1);
      },
      result: async () => {
        repeat(program, 1);
        return new Float32Array(await read(size));
      },
      dispose: () => executor.dispose(),
    };
  }

  /** The training step that is timed, dropout included, against float64 that draws the same masks. */
  async dropoutFault({ network }: Problem): Promise<string | undefined> {
    const trainer = await trainerOf(this.engine, network);
    try {
      const report = await verify(trainer, { sections: ['steps'], steps: 1 });
      return report.passed ? undefined : report.verdict;
    } finally {
      trainer.dispose();
    }
  }
}

/** A trainer as a user makes it. */
export function trainerOf(engine: GpuEngine, network: Network): Promise<Trainer> {
  const { batchSize } = network;
  return createTrainer(engine, modelOf(network), { ...optionsOf(network), input: [network.sizes[0]], batchSize });
}

export function modelOf({ sizes, dropout: rate }: Network) {
  const layers = sizes
    .slice(1, -1)
    .flatMap((units): Layer[] => [dense(units), relu(), ...(rate > 0 ? [dropout(rate)] : [])]);
  return sequential([...layers, dense(sizes[sizes.length - 1])]);
}

export const optionsOf = ({ l2: strength, learningRate, momentum }: Network) => ({
  loss: softmaxCrossEntropy(),
  regularizer: l2(strength),
  optimizer: sgd({ learningRate, momentum }),
  seed: 1,
});

/** Puts the batch on the device as a data set, as `fit` does; returns the program that gathers it. */
export async function loadBatch(trainer: Trainer, { network, x, labels }: Problem): Promise<GpuProgram> {
  const classes = network.sizes[network.sizes.length - 1];
  const loaded = await new DataCache(sessionOf(trainer)).take(
    dataset({ x, y: labels, features: network.sizes[0], classes }),
  );
  loaded.set('as is', undefined);
  return (await loaded.gather(false)) as GpuProgram;
}

/** Queues steps as `fit` does, a gather before each: as many in a submit as the step table holds. */
function replay(trainer: Trainer, gather: GpuProgram, count: number): void {
  const session = sessionOf(trainer);
  const { program } = session.compiled;
  const { batchSize } = session.options;
  for (let left = count; left > 0; ) {
    const steps = Math.min(left, program.slots);
    const contexts = Array.from({ length: steps }, (_, i) => [session.context(session.ledger.steps + i, 0, batchSize)]);
    program.run(contexts, gather);
    session.ledger.countStarted(Array.from({ length: steps }, () => ({ count: batchSize })));
    left -= steps;
  }
}

/** Runs a program without scalars again and again. */
export function repeat(program: GpuProgram, count: number): void {
  const context = { seed: [0, 0] as const, step: 0, sample: 0, start: 0, count: 1, hyper: {} };
  const contexts = Array.from({ length: program.members }, () => context);
  for (let left = count; left > 0; left -= program.slots) {
    program.run(Array.from({ length: Math.min(left, program.slots) }, () => contexts));
  }
}
