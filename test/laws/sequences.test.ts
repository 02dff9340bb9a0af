import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createEngine, createReferenceEngine, type Engine } from '../../src/index.js';
import { readCheckpoint } from '../../src/train/checkpoint.js';
import { commands, type RealTrainer } from './commands.js';
import { law } from './law.js';
import { createFresh, DATA, FRESH, hyperOf, type TrainerModel, twinOf } from './training-model.js';

/** Holds a trainer against one that took the same steps and did nothing else. */
async function expectTwin({ training }: TrainerModel, { engine, trainer }: RealTrainer): Promise<void> {
  using twin = await twinOf(engine, training);
  expect(await trainer.evaluate(DATA)).toEqual(await twin.evaluate(DATA));
  const found = readCheckpoint('test', await trainer.save());
  const wanted = readCheckpoint('test', await twin.save());
  expect(found.states).toEqual(wanted.states);
  expect(found).toMatchObject({
    steps: training.taken.length,
    position: { epoch: training.epoch, row: training.row },
    hyper: hyperOf(training.settings),
  });
}

const OWN: readonly [string, () => Promise<Engine>][] = [
  ['the GPU', createEngine],
  ['the CPU reference', async () => createReferenceEngine()],
];

describe.each(OWN)('on %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });
  afterAll(() => engine.dispose());

  law('whatever is done with a trainer, it is where its steps led', commands, async (sequence) => {
    const trainer = await createFresh(engine);
    const saved = { bytes: await trainer.save(), training: FRESH };
    const model: TrainerModel = { training: FRESH, unread: 0, saved, disposed: false, lost: false };
    const real: RealTrainer = { trainer, engine, createEngine };
    try {
      await fc.asyncModelRun(() => ({ model, real }), sequence);
      if (!model.disposed && !model.lost) await expectTwin(model, real);
    } finally {
      real.trainer.dispose();
      if (model.lost) real.engine.dispose();
      engine = model.lost ? await createEngine() : real.engine;
    }
    return [];
  });
});
