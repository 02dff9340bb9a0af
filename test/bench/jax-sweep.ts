import { type JaxDevice, stateOf, stepOf, trainingOf, withStep } from './jax-training.js';
import { inTurn, type Sweeper } from './sweep.js';

/**
 * The two ways of a sweep in jax-js: one compiled step for all models, which takes λ, the share that dropout keeps and
 * the learning rate as arguments; and `vmap` of that step over the models.
 */
export function jaxSweepers(device: JaxDevice): Sweeper[] {
  return [
    {
      engine: device.name,
      how: 'one by one',
      oneByOne: true,
      start: async (problem, models) => {
        const step = stepOf(device.use(), problem.network, 'argument');
        const stateFor = (model: (typeof models)[number]) => stateOf(device.use(), problem, 'resident', model);
        return withStep(inTurn(models.map((model) => trainingOf(device, step, stateFor(model)))), step);
      },
    },
    {
      engine: device.name,
      how: 'vmap',
      oneByOne: false,
      start: async (problem, models) => {
        const jax = device.use();
        const step = stepOf(jax, problem.network, 'vmap');
        const training = trainingOf(device, step, stateOf(jax, problem, 'resident', ...models));
        const parameters = async (model: number) => {
          const all = await training.parameters();
          return all.map((values) => {
            const size = values.length / models.length;
            return Array.prototype.slice.call(values, model * size, (model + 1) * size);
          });
        };
        return withStep({ ...training, parameters }, step);
      },
    },
  ];
}
