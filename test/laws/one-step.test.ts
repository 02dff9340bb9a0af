import fc from 'fast-check';
import { sharedEngine } from '../gpu/stored.js';
import { StepRun } from '../steps/step-run.js';
import { law } from './law.js';
import { memberOf, members } from './members.js';
import { networkOf, recipes } from './recipe.js';

const engine = await sharedEngine();

// An optimiser's states show from the second step on.
const drawn = fc.record({ recipe: recipes(), members: members(2), stepsBefore: fc.nat({ max: 2 }) });

law('a step of any network is within its bounds', drawn, async ({ recipe, members, stepsBefore }) => {
  const network = networkOf(recipe);
  const run = await StepRun.create(engine, network, {
    ride: recipe.ride,
    members: members.map((each) => memberOf(network, each)),
  });
  try {
    for (let step = 0; step < stepsBefore; step++) run.advance();
    return await run.checkedStep();
  } finally {
    run.dispose();
  }
});
