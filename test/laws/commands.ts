import fc from 'fast-check';
import { expect } from 'vitest';
import { GpuEngine } from '../../src/gpu/engine.js';
import { type Engine, EngineError, loadTrainer, type Trainer } from '../../src/index.js';
import { afterFitStep, afterStep, batchOf, DATA, hyperOf, type Settings, type TrainerModel } from './training-model.js';

/** A trainer, its engine, and how to get another engine. */
export interface RealTrainer {
  trainer: Trainer;
  engine: Engine;
  createEngine(): Promise<Engine>;
}

type Command = fc.AsyncCommand<TrainerModel, RealTrainer>;
type Run = (model: TrainerModel, real: RealTrainer) => Promise<void>;

const command = (name: string, run: Run): Command => ({ check: () => true, run, toString: () => name });

/** A call of a trainer: on one that is disposed or lost it fails and says why, whatever it is. */
function call(name: string, calls: (real: RealTrainer) => unknown, run: Run): Command {
  return command(name, async (model, real) => {
    const kind = model.disposed ? 'disposed' : model.lost ? 'lost' : undefined;
    if (kind === undefined) return run(model, real);
    expect(await kindOf(() => calls(real))).toBe(kind);
  });
}

/** The kind of the EngineError that is thrown; undefined if nothing is. */
async function kindOf(run: () => unknown): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.kind;
    throw error;
  }
}

const step = (rows: readonly number[]): Command =>
  call(
    `step([${rows}])`,
    ({ trainer }) => trainer.step(batchOf(rows)),
    async (model, { trainer }) => {
      expect(trainer.step(batchOf(rows))).toBe(model.training.taken.length);
      model.training = afterStep(model.training, rows);
      model.unread++;
    },
  );

const set = (changes: Partial<Settings>): Command =>
  call(
    `set(${JSON.stringify(changes)})`,
    ({ trainer }) => trainer.set(changes),
    async (model, { trainer }) => {
      expect(trainer.set(changes)).toBe(model.training.taken.length);
      const settings = { ...model.training.settings, ...changes };
      model.training = { ...model.training, settings };
      expect(trainer.hyperParameters).toEqual(hyperOf(settings));
    },
  );

const metrics: Command = call(
  'metrics()',
  ({ trainer }) => trainer.metrics(),
  async (model, { trainer }) => {
    const { steps } = await trainer.metrics();
    const first = model.training.taken.length - model.unread;
    expect(steps.map((each) => each.step)).toEqual(Array.from({ length: model.unread }, (_, i) => first + i));
    expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    model.unread = 0;
  },
);

const evaluate: Command = call(
  'evaluate()',
  ({ trainer }) => trainer.evaluate(DATA),
  async (model, { trainer }) => {
    const found = await trainer.evaluate(DATA);
    trainer.set({ dropout: 0 }); // which has no say here
    expect(await trainer.evaluate(DATA)).toEqual(found);
    trainer.set(model.training.settings);
  },
);

const predict = (rows: readonly number[]): Command =>
  call(
    `predict([${rows}])`,
    ({ trainer }) => trainer.predict(batchOf(rows).x),
    async (_, { trainer }) => {
      const alone = await Promise.all(rows.map((row) => trainer.predict(batchOf([row]).x)));
      expect(await trainer.predict(batchOf(rows).x)).toEqual(Float32Array.from(alone.flatMap((each) => [...each])));
    },
  );

const save: Command = call(
  'save()',
  ({ trainer }) => trainer.save(),
  async (model, { trainer }) => {
    model.saved = { bytes: await trainer.save(), training: model.training };
  },
);

/** The end of a fit: by itself, or when so many of its steps have been reported. */
interface FitEnd {
  readonly how: 'completes' | 'aborts' | 'leaves';
  readonly epochs: number;
  readonly reports: number;
}

/** Runs a fit to its end; returns whether it says that it was aborted. */
async function runFit(trainer: Trainer, { how, epochs, reports }: FitEnd): Promise<boolean> {
  const controller = new AbortController();
  if (how === 'aborts' && reports === 0) controller.abort();
  let reported = 0;
  const kind = await kindOf(async () => {
    for await (const report of trainer.fit(DATA, { epochs, steps: true, signal: controller.signal })) {
      if (report.kind !== 'step' || ++reported < reports) continue;
      if (how === 'leaves') return;
      if (how === 'aborts') controller.abort();
    }
  });
  if (kind !== undefined && kind !== 'aborted') throw new Error(`fit failed: ${kind}`);
  return kind === 'aborted';
}

const fit = (end: FitEnd): Command =>
  call(
    `fit(${JSON.stringify(end)})`,
    ({ trainer }) => trainer.fit(DATA, { epochs: 1 }),
    async (model, { trainer }) => {
      const before = model.training;
      const inFirst = Math.ceil((DATA.examples - before.row) / 4);
      const steps = inFirst + 3 * (end.epochs - 1);
      const stopped = end.how !== 'completes' && end.reports <= steps;
      const aborted = await runFit(trainer, end);
      const taken = trainer.stepsTaken - before.taken.length;
      // A stopped fit may have more steps of its epoch under way; they are taken.
      const most = end.how === 'aborts' && end.reports === 0 ? 0 : stopped && end.reports <= inFirst ? inFirst : steps;
      expect(taken).toBeLessThanOrEqual(most);
      expect(taken).toBeGreaterThanOrEqual(stopped ? end.reports : steps);
      if (end.how === 'aborts' && taken < steps) expect(aborted).toBe(true);
      if (!stopped || end.how === 'leaves') expect(aborted).toBe(false);
      for (let i = 0; i < taken; i++) model.training = afterFitStep(model.training);
      if (end.how !== 'aborts' || end.reports > 0) model.unread = 0; // a fit reads what was before it, too
    },
  );

const dispose = command('dispose()', async (model, { trainer }) => {
  trainer.dispose();
  model.disposed = true;
});

const lose = command('lose the device', async (model, { engine }) => {
  if (!(engine instanceof GpuEngine) || model.lost) return;
  engine.device.destroy();
  await engine.device.lost;
  model.lost = true;
});

const load = command('load', async (model, real) => {
  const { bytes, training } = model.saved;
  if (model.lost) {
    expect(await kindOf(() => loadTrainer(real.engine, bytes))).toBe('lost');
    real.engine.dispose();
    real.engine = await real.createEngine();
    model.lost = false;
  }
  real.trainer.dispose();
  real.trainer = await loadTrainer(real.engine, bytes);
  Object.assign(model, { training, unread: 0, disposed: false });
  expect(real.trainer.stepsTaken).toBe(training.taken.length);
  expect(real.trainer.hyperParameters).toEqual(hyperOf(training.settings));
});

const thousandths = (most: number) => fc.nat({ max: 1000 }).map((part) => (part / 1000) * most);
const rows = (most: number) => fc.array(fc.nat({ max: DATA.examples - 1 }), { minLength: 1, maxLength: most });

/** At rates at which no training diverges. */
const changes = fc.record(
  {
    learningRate: thousandths(0.2),
    momentum: thousandths(0.9),
    weightDecay: thousandths(0.1),
    l2: fc.oneof(thousandths(0.1), fc.tuple(thousandths(0.1), thousandths(0.1))),
    dropout: thousandths(0.9),
  },
  { requiredKeys: [] },
);
const ends: fc.Arbitrary<FitEnd> = fc.record({
  how: fc.constantFrom('completes', 'aborts', 'leaves'),
  epochs: fc.integer({ min: 1, max: 2 }),
  reports: fc.nat({ max: 6 }),
});

/** Sequences of whatever can be done with a trainer. A device is lost rarely: the next one compiles everything again. */
export const commands = fc.commands(
  [
    fc.oneof(
      { weight: 20, arbitrary: rows(4).map(step) },
      { weight: 8, arbitrary: changes.map(set) },
      { weight: 8, arbitrary: fc.constant(metrics) },
      { weight: 8, arbitrary: fc.constant(evaluate) },
      { weight: 8, arbitrary: rows(9).map(predict) },
      { weight: 8, arbitrary: fc.constant(save) },
      { weight: 12, arbitrary: ends.map(fit) },
      { weight: 8, arbitrary: fc.constant(load) },
      { weight: 3, arbitrary: fc.constant(dispose) },
      { weight: 1, arbitrary: fc.constant(lose) },
    ),
  ],
  { maxCommands: 20, size: '+1' },
);
