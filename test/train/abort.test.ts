import { beforeAll, describe, expect, test } from 'vitest';
import { EngineError, type StepReport, type Trainer } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, DATA, smallTwin } from './small-population.js';

const STEPS = 3; // of an epoch, the last one short

describe.each(ENGINES)('on %s', (_, engine) => {
  const create = () => smallTwin(engine, {});
  /** The result of two epochs without a stop. */
  let whole: Uint8Array;
  beforeAll(async () => {
    const trainer = await create();
    await all(trainer.fit(DATA, { epochs: 2 }));
    whole = await trainer.save();
  });
  /** Trains until two epochs are complete; returns the reports of steps. */
  async function finish(trainer: Trainer): Promise<StepReport[]> {
    const reports: StepReport[] = [];
    for await (const report of trainer.fit(DATA, { epochs: 2, steps: true })) {
      if (report.kind === 'step') reports.push(report);
      else if (report.epoch === 2) break;
    }
    return reports;
  }

  test('a signal that is aborted already starts nothing', async () => {
    using trainer = await create();
    const signal = AbortSignal.abort('no time');
    const fit = trainer.fit(DATA, { epochs: 1, signal });
    const error = await fit.next().catch((caught) => caught);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      kind: 'aborted',
      message: 'fit: aborted after step 0 (0 epochs and 0 examples); the trainer can go on from there',
      cause: 'no time',
    });
    expect(trainer.stepsTaken).toBe(0);
  });

  test.each([0, 1, 2, 4])('aborted when step %i is reported, it goes on as if nothing had been', async (at) => {
    const trainer = await create();
    const controller = new AbortController();
    const run = async () => {
      for await (const report of trainer.fit(DATA, { epochs: 2, steps: true, signal: controller.signal })) {
        if (report.kind === 'step' && report.step === at) controller.abort();
      }
    };
    const found = await complaint(run);
    const steps = trainer.stepsTaken;
    const place = `${Math.floor(steps / STEPS)} epochs and ${(steps % STEPS) * 4} examples`;
    expect(found).toBe(
      `EngineError of kind aborted: fit: aborted after step ${steps} (${place}); the trainer can go on from there`,
    );
    if (steps < 2 * STEPS) {
      const [first] = await finish(trainer);
      expect(first).toMatchObject({ step: steps, stepInEpoch: (steps % STEPS) + 1, steps: STEPS });
    }
    expect(await trainer.save()).toEqual(whole);
  });

  test.each([0, 1, 2, 4])('left when step %i is reported, it goes on as if nothing had been', async (at) => {
    const trainer = await create();
    const iterator = trainer.fit(DATA, { epochs: 2, steps: true });
    for await (const report of iterator) if (report.kind === 'step' && report.step === at) break;
    const steps = trainer.stepsTaken;
    if (steps < 2 * STEPS) expect((await finish(trainer)).map(({ step }) => step)[0]).toBe(steps);
    expect(trainer.stepsTaken).toBe(2 * STEPS);
    expect(await trainer.save()).toEqual(whole);
  });

  test('a loop that throws ends the fit, one that was never begun blocks nothing', async () => {
    using trainer = await create();
    trainer.fit(DATA, { epochs: 1 });
    const run = async () => {
      for await (const _ of trainer.fit(DATA, { epochs: 9 })) throw new Error('enough');
    };
    expect(await complaint(run)).toBe('Error: enough');
    for await (const { epoch } of trainer.fit(DATA, { epochs: 1 })) expect(epoch).toBe(2);
  });

  test('a timer is heard in the middle of very many epochs', async () => {
    using trainer = await create();
    const controller = new AbortController();
    const look = () => (trainer.stepsTaken > 0 ? controller.abort() : setTimeout(look, 20));
    setTimeout(look, 20);
    const run = async () => {
      for await (const _ of trainer.fit(DATA, { epochs: 1e9, signal: controller.signal }));
    };
    expect(await complaint(run)).toMatch(/^EngineError of kind aborted: fit: aborted after step \d+ /);
  });
});
