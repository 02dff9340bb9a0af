import fc from 'fast-check';
import { describe } from 'vitest';
import { type L2Convention, loadTrainer } from '../../src/index.js';
import { ENGINES } from '../train/engines.js';
import { law } from './law.js';
import { fusedRecipes, type Recipe, STRUCTURES } from './recipe.js';
import { takeSteps, trainerFrom } from './trainer-from.js';

/** With penalties of weights, and of biases too; with momentum, and AdamW. */
const FEW = STRUCTURES.slice(0, 2);
const steps = fc.integer({ min: 1, max: 2 });
const seed = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));

describe.each(ENGINES)('on %s', (_, engine) => {
  law(
    'save, load, step is step',
    fc.record({ recipe: fusedRecipes(FEW), seed, before: fc.nat({ max: 2 }), after: steps, rate: fc.nat({ max: 2 }) }),
    async ({ recipe, seed, before, after, rate }) => {
      using whole = await trainerFrom(engine, recipe, seed);
      takeSteps(whole, recipe, before);
      if (rate) whole.set({ learningRate: rate / 8 });
      using loaded = await loadTrainer(engine, await whole.save());
      for (const trainer of [whole, loaded]) takeSteps(trainer, recipe, after);
      const [a, b] = [await whole.save(), await loaded.save()];
      return a.length === b.length && a.every((byte, i) => byte === b[i]) ? [] : ['the files differ'];
    },
  );

  // With λ an f32 number, 2 · (λ / 2) is λ, and (1 / m) · (λ · m), where only the outer operations round and only in
  // float64, is so near to λ that it is λ when it is rounded to f32. So even the bits agree.
  law(
    'the three conventions of L2 agree after rescaling λ',
    fc.record({ recipe: fusedRecipes(FEW), changed: fc.boolean(), steps }),
    async ({ recipe, changed, steps }) => {
      const run = async (convention: L2Convention, scale: number) => {
        const strength = Math.fround(recipe.strength);
        const one: Recipe = { ...recipe, convention, strength: strength * scale };
        using trainer = await trainerFrom(engine, one);
        takeSteps(trainer, one, steps);
        if (changed) trainer.set({ l2: (strength / 4) * scale });
        takeSteps(trainer, one, 1);
        const { penalty } = await trainer.metrics();
        const weights = await trainer.weights();
        return [penalty, ...weights.flatMap(({ data }) => [...data])];
      };
      const half = await run('half', 1);
      const others = { sum: await run('sum', 1 / 2), mean: await run('mean', recipe.examples) };
      return Object.entries(others).flatMap(([convention, values]) => {
        const index = values.findIndex((value, i) => value !== half[i]);
        return index < 0 ? [] : [`${convention}: value ${index} is ${values[index]}, not ${half[index]}`];
      });
    },
  );
});
