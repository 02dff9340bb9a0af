import { expect, test } from 'vitest';
import {
  adam,
  costOf,
  createEngine,
  createPopulation,
  createTrainer,
  dense,
  dropout,
  predictSamples,
  relu,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { countingDevice } from './counting-device.js';
import { ENGINES } from './engines.js';

const MODEL = sequential([dense(128), relu(), dropout(0.5), dense(10)]);
const OPTIONS = { input: [784], batchSize: 64, loss: softmaxCrossEntropy(), optimizer: adam() };

test.each(ENGINES)(
  'on %s a step takes at least its products: two of the first layer, three of the second',
  async (_, engine) => {
    using trainer = await createTrainer(engine, MODEL, OPTIONS);
    const products = 2 * 64 * (2 * 784 * 128 + 3 * 128 * 10);
    const { flops } = costOf(trainer);
    expect(flops).toBeGreaterThanOrEqual(products);
    expect(flops).toBeLessThan(1.05 * products);
    trainer.dispose();
    expect(await complaint(() => costOf(trainer))).toBe(
      'EngineError of kind disposed: trainer: it was disposed; create a new one',
    );
  },
);

test('both engines count the same operations', async () => {
  const [a, b] = await Promise.all(ENGINES.map(([, engine]) => createTrainer(engine, MODEL, OPTIONS)));
  expect(costOf(a).flops).toBe(costOf(b).flops);
  // Parameters and two states of Adam, and the two copies in which good ones are kept.
  expect(costOf(b).memory).toBe(3 * 3 * 4 * (784 * 128 + 128 + 128 * 10 + 10));
  for (const each of [a, b]) each.dispose();
});

test.each(ENGINES)(
  'on %s a population costs the steps of one and the memory of all, also after it has grown',
  async (_, engine) => {
    using trainer = await createTrainer(engine, MODEL, OPTIONS);
    using population = await createPopulation(engine, MODEL, { ...OPTIONS, members: [{}, {}] });
    const { flops, memory } = costOf(population);
    expect(flops).toBe(costOf(trainer).flops);
    await population.extend([{ from: 0 }]);
    expect(costOf(population).memory).toBeGreaterThan(1.4 * memory);
    expect(await complaint(() => costOf({} as never))).toMatch(/^TypeError: trainer must be made by createTrainer/);
  },
);

test('the memory is that of every buffer there is, and grows with what is compiled later', async () => {
  const counting = await countingDevice();
  const engine = await createEngine({ device: counting.device });
  const before = new Set(counting.live);
  using trainer = await createTrainer(engine, MODEL, OPTIONS);
  const live = () => [...counting.live].filter((buffer) => !before.has(buffer));
  const held = () => live().reduce((sum, { size, label }) => (label === 'wgrad stamp' ? sum : sum + size), 0);
  const { memory } = costOf(trainer);
  expect(memory).toBe(held());
  await predictSamples(trainer, new Float32Array(784), { samples: 2 });
  expect(costOf(trainer).memory).toBe(held());
  expect(costOf(trainer).memory).toBeGreaterThan(memory);
  trainer.dispose();
  expect(live()).toEqual([]);
  engine.dispose();
  counting.device.destroy();
});
