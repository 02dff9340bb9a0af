import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/index.js';
import { logUniform, random, type SearchOptions, search, successiveHalving } from '../../src/tune.js';
import { complaint } from '../train/complaint.js';
import { ENGINES } from '../train/engines.js';
import { bytesFor } from '../train/small-population.js';
import { drain, found, small, smallModel } from './small-search.js';

const DISPOSED = 'EngineError of kind disposed: search: it was disposed; create a new one';
const EPOCH = 'an epoch is under way; call it between two epochs';

describe.each(ENGINES)('on %s', (_, engine) => {
  test('a search that is disposed between two epochs ends and says so', async () => {
    const run = search(engine, smallModel(), small());
    let epochs = 0;
    const message = await complaint(async () => {
      for await (const _ of run) {
        if (++epochs > 5) throw new Error('it goes on for ever');
        run.dispose();
      }
    });
    expect([epochs, message]).toEqual([1, DISPOSED]);
    for (const call of [() => run.save(), () => run.bestNetwork(), () => drain(run)]) {
      expect(await complaint(call)).toBe(DISPOSED);
    }
    expect(run.result.trials).toHaveLength(3);
  });

  test.each([0, 1, 2, 5, 20, 60])('a search that is disposed while it works says so, after %i turns', async (turns) => {
    const run = search(engine, smallModel(), small());
    const ended = complaint(() => drain(run));
    for (let i = 0; i < turns; i++) await (i % 3 === 2 ? new Promise((resolve) => setTimeout(resolve)) : undefined);
    const { complete } = run.result;
    run.dispose();
    expect(await ended).toBe(complete ? 'nothing' : DISPOSED);
  });

  test('two loops over one search, and two searches on one engine', async () => {
    const alone = search(engine, smallModel(), small());
    await drain(alone);
    const [a, b] = [search(engine, smallModel(), small()), search(engine, smallModel(), small())];
    const second = complaint(async () => {
      const first = drain(a);
      await complaint(() => drain(a)).then((message) =>
        expect(message).toBe('TypeError: search: it is already running'),
      );
      await first;
    });
    await Promise.all([second, drain(b)]);
    expect(await second).toBe('nothing');
    expect([found(a), found(b)]).toEqual([found(alone), found(alone)]);
  });

  test.each([1, 9])(
    'save and bestNetwork wait for their moment, and the search for them, %i at once',
    async (atOnce) => {
      const options = small({ memory: await bytesFor(engine, atOnce) });
      const whole = search(engine, smallModel(), options);
      await drain(whole);
      const run = search(engine, smallModel(), options);
      const saves: Promise<Uint8Array>[] = [];
      const iterator = run[Symbol.asyncIterator]();
      for (let epoch = 0; epoch < 3; epoch++) {
        const next = iterator.next();
        expect(await complaint(() => run.save())).toBe(`TypeError: search: save: ${EPOCH}`);
        expect(await complaint(() => run.bestNetwork())).toBe(`TypeError: search: bestNetwork: ${EPOCH}`);
        await next;
        saves.push(run.save(), run.save()); // which nobody awaits yet
        void run.bestNetwork();
      }
      expect((await iterator.next()).done).toBe(true);
      expect(found(run)).toEqual(found(whole));
      for (const bytes of await Promise.all(saves)) {
        const resumed = search(engine, smallModel(), { ...options, resume: bytes });
        // Saved again before anything else: it is what it was.
        const again = search(engine, smallModel(), { ...options, resume: await resumed.save() });
        await drain(again);
        expect(found(again)).toEqual(found(whole));
        expect(await again.bestNetwork()).toEqual(await whole.bestNetwork());
        resumed.dispose();
      }
    },
  );
});

/** None of the searches takes as many in Node. In Chromium a module that loads on demand takes a task, which none of them reaches. */
const TURNS = 400;

/** Searches in which a trial is dropped, stops early, is trained again, or has an architecture of its own. */
const SEARCHES: readonly (readonly [string, Partial<SearchOptions>])[] = [
  ['random', {}],
  ['halving', { strategy: successiveHalving({ eta: 2 }), population: 4 }],
  ['patience', { patience: 1, space: { learningRate: logUniform(0.01, 3) } }],
  ['folds', { strategy: random(), folds: 2, budget: { epochs: 1 } }],
];

test.each(SEARCHES)('%s: whenever it is disposed, it says so and nothing else', async (_, more) => {
  using engine = await createReferenceEngine();
  for (let turns = 0, complete = false; !complete && turns <= TURNS; turns++) {
    const run = search(engine, smallModel(), small(more));
    const ended = complaint(async () => {
      await drain(run);
      await run.bestNetwork();
    });
    for (let i = 0; i < turns; i++) await undefined;
    run.dispose();
    ({ complete } = run.result);
    const message = await ended;
    // The number of turns of a search depends on the clock: this one may have ended long ago.
    if (message !== DISPOSED && !(complete && message === 'nothing')) {
      throw new Error(`after ${turns} turns: ${message}`);
    }
  }
});
