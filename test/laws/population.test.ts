import fc from 'fast-check';
import { describe } from 'vitest';
import { type Engine, type HyperParameters, loadTrainer, type MemberOptions, type Trainer } from '../../src/index.js';
import { readCheckpoint, writeCheckpoint } from '../../src/train/checkpoint.js';
import { ENGINES } from '../train/engines.js';
import { all, BATCH, DATA, EXAMPLES, OTHER, smallPopulation, smallTwin } from '../train/small-population.js';
import { law } from './law.js';

/** Actions on a population, and on a twin of each member alone. Places are taken modulo the number of members. */
type Command =
  | { kind: 'fit'; epochs: number; maxSteps?: number; weighted: boolean; validated: boolean; abortAt?: number }
  | { kind: 'stop early'; patience: number }
  | { kind: 'step' }
  | { kind: 'select'; places: readonly number[] }
  | { kind: 'extend' | 'replace'; copies: readonly (HyperParameters & { from: number; seed?: number })[] }
  | { kind: 'set'; place: number; changes: HyperParameters }
  | { kind: 'evaluate'; weighted: boolean }
  | { kind: 'load'; place: number };

const place = fc.nat({ max: 7 });
const thousandths = (most: number) => fc.nat({ max: 1000 }).map((part) => (part / 1000) * most);
const changes = fc.record(
  { learningRate: thousandths(0.2), l2: thousandths(0.1), dropout: thousandths(0.9), momentum: thousandths(0.9) },
  { requiredKeys: [] },
);
const copy = fc.tuple(place, changes, fc.option(fc.nat(), { nil: undefined })).map(([from, more, seed]) => ({
  ...more,
  from,
  ...(seed !== undefined && { seed }),
}));
const copies = fc.array(copy, { minLength: 1, maxLength: 4 });
const fit = fc.record(
  {
    kind: fc.constant('fit' as const),
    epochs: fc.integer({ min: 1, max: 2 }),
    maxSteps: fc.integer({ min: 1, max: 5 }),
    weighted: fc.boolean(),
    validated: fc.boolean(),
    abortAt: fc.integer({ min: 1, max: 25 }),
  },
  { requiredKeys: ['kind', 'epochs', 'weighted', 'validated'] },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fit },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop early'), patience: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('step') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('select'), places: fc.uniqueArray(place, { minLength: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('extend', 'replace'), copies }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set'), place, changes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('evaluate'), weighted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('load'), place }) },
);
const drawn = fc.record({
  members: fc.array(
    changes.chain((more) =>
      fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map((seed) => ({ ...more, seed })),
    ),
    { minLength: 1, maxLength: 4 },
  ),
  own: fc.boolean(),
  commands: fc.array(command, { maxLength: 8 }),
});

/** A list with one entry a member, or what differs. */
const differ = (what: string, found: unknown, wanted: unknown): string[] =>
  same(found, wanted) ? [] : [`${what}: ${text(found)}, alone ${text(wanted)}`];
const text = (value: unknown) =>
  JSON.stringify(value, (_, each) => (each instanceof Float32Array ? [...each].map(String) : each));
const same = (a: unknown, b: unknown) => text(a) === text(b);

/** A trainer that goes on from another one, as a copy does. */
async function twinOf(
  engine: Engine,
  twin: Trainer,
  { from: _, seed, ...more }: HyperParameters & { from: number; seed?: number },
) {
  const saved = readCheckpoint('test', await twin.save());
  const made = await loadTrainer(engine, writeCheckpoint({ ...saved, seed: seed ?? saved.seed }));
  made.set(more);
  return made;
}

const weightsOf = (i: number, examples: number) =>
  Float32Array.from({ length: examples }, (_, row) => ((row + i) % 4 === 0 ? 0 : 1 + ((row * (i + 1)) % 3) / 2));

describe.each(ENGINES)('on %s', (_, engine) => {
  law('member i is its twin, whatever is done with the population', drawn, async ({ members, own, commands }) => {
    const shuffled: MemberOptions[] = members.map((each, i) => (own ? { ...each, shuffleSeed: i } : each));
    using population = await smallPopulation(engine, { members: shuffled, order: own ? 'own' : 'shared' });
    let twins = await Promise.all(shuffled.map((each) => smallTwin(engine, each)));
    const replaceTwins = async (from: readonly (HyperParameters & { from: number; seed?: number })[]) => {
      const made = await Promise.all(from.map((each) => twinOf(engine, twins[each.from], each)));
      for (const twin of twins) twin.dispose();
      twins = made;
      isWhole = false;
    };
    const inside = <T extends { from: number }>(list: readonly T[]) =>
      list.map((each) => ({ ...each, from: each.from % twins.length }));
    const complaints: string[] = [];
    // A file has no measures of an epoch that has begun: the next report of a twin that was copied tells its rest alone.
    let isWhole = true;
    try {
      for (const each of commands) {
        switch (each.kind) {
          case 'fit': {
            const { epochs, maxSteps, weighted, validated, abortAt } = each;
            const options = { epochs, ...(maxSteps && { maxSteps }), ...(validated && { validation: OTHER }) };
            const weights = twins.map((_, i) => weightsOf(i, EXAMPLES));
            let left = abortAt ?? Number.POSITIVE_INFINITY;
            const signal = Object.create(null, { aborted: { get: () => left-- <= 0 }, reason: { value: 'enough' } });
            const before = twins[0].stepsTaken;
            let reports = 0;
            try {
              for await (const report of population.fit(DATA, { ...options, signal, ...(weighted && { weights }) })) {
                for (const [i, twin] of twins.entries()) {
                  const one = {
                    epochs: 1,
                    ...(validated && { validation: OTHER }),
                    ...(weighted && { weights: weights[i] }),
                  };
                  const [alone] = await all(twin.fit(DATA, one));
                  const whole = isWhole ? (['trainLoss', 'trainAccuracy', 'steps'] as const) : [];
                  for (const name of [...whole, 'trainPenalty', 'validationLoss'] as const) {
                    const value = report[name];
                    complaints.push(...differ(`${name} of ${i}`, Array.isArray(value) ? value[i] : value, alone[name]));
                  }
                  complaints.push(...differ('epoch', report.epoch, alone.epoch));
                }
                isWhole = true;
                reports++;
              }
            } catch (error) {
              if (!String(error).includes('aborted')) throw error;
            }
            const steps = population.stepsTaken - before;
            if (!abortAt && !maxSteps && reports !== epochs) complaints.push(`${reports} reports of ${epochs} epochs`);
            for (const [i, twin] of twins.entries()) {
              const rest = steps - (twin.stepsTaken - before);
              const one = { epochs: 9, maxSteps: rest, ...(weighted && { weights: weights[i] }) };
              if (rest > 0) await all(twin.fit(DATA, one));
            }
            break;
          }
          case 'stop early': {
            // Those that stop sooner alone have other step numbers then: only what they are at their best is the same.
            const options = { epochs: 3, validation: OTHER, earlyStopping: { patience: each.patience } };
            const reports = await all(population.fit(DATA, options));
            for (const [i, twin] of twins.entries()) {
              const alone = await all(twin.fit(DATA, options));
              const losses = reports.slice(0, alone.length).map(({ validationLoss }) => validationLoss?.[i]);
              complaints.push(
                ...differ(
                  `losses of ${i}`,
                  losses,
                  alone.map(({ validationLoss }) => validationLoss),
                ),
              );
              complaints.push(...differ(`best of ${i}`, await population.weights(i), await twin.weights()));
            }
            return complaints;
          }
          case 'step': {
            population.step(BATCH);
            const { steps, penalty } = await population.metrics();
            for (const [i, twin] of twins.entries()) {
              twin.step(BATCH);
              const alone = await twin.metrics();
              complaints.push(
                ...differ(
                  `loss of ${i}`,
                  steps.map(({ loss }) => loss[i]),
                  alone.steps.map(({ loss }) => loss),
                ),
              );
              complaints.push(...differ(`penalty of ${i}`, penalty[i], alone.penalty));
            }
            break;
          }
          case 'select': {
            const from = [...new Set(each.places.map((at) => at % twins.length))];
            await population.select(from);
            await replaceTwins(from.map((at) => ({ from: at })));
            break;
          }
          case 'extend': {
            const more = inside(each.copies);
            await population.extend(more);
            await replaceTwins([...twins.map((_, from) => ({ from })), ...more]);
            break;
          }
          case 'replace': {
            const made = inside(each.copies);
            await population.replace(made);
            await replaceTwins(made);
            break;
          }
          case 'set':
            population.set(each.place % twins.length, each.changes);
            twins[each.place % twins.length].set(each.changes);
            break;
          case 'evaluate': {
            const weights = twins.map((_, i) => weightsOf(i, OTHER.examples));
            const { loss, penalty } = await population.evaluate(OTHER, each.weighted ? { weights } : {});
            for (const [i, twin] of twins.entries()) {
              const alone = await twin.evaluate(OTHER, each.weighted ? { weights: weights[i] } : {});
              complaints.push(...differ(`evaluation of ${i}`, [loss[i], penalty[i]], [alone.loss, alone.penalty]));
            }
            break;
          }
          case 'load': {
            using loaded = await loadTrainer(engine, await population.save(each.place % twins.length));
            const twin = twins[each.place % twins.length];
            complaints.push(...differ('loaded', await loaded.weights(), await twin.weights()));
            complaints.push(...differ('steps', loaded.stepsTaken, twin.stepsTaken));
          }
        }
        if (complaints.length) return complaints.map((complaint) => `${each.kind}: ${complaint}`);
      }
      for (const [i, twin] of twins.entries()) {
        complaints.push(...differ(`member ${i}`, await population.weights(i), await twin.weights()));
        complaints.push(...differ(`hyper ${i}`, population.hyperParameters(i), twin.hyperParameters));
      }
      return complaints;
    } finally {
      for (const twin of twins) twin.dispose();
    }
  });
});
