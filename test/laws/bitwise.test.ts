import fc from 'fast-check';
import { variantsOn } from '../../src/kernels/index.js';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { runKernel } from '../../src/verify/kernels.js';
import { sharedEngine } from '../gpu/stored.js';
import { CASES, law } from './law.js';
import { memberOf, members } from './members.js';
import { fusedRecipes, networkOf, type Recipe, recipes, STRUCTURES } from './recipe.js';
import { differencesOf, trained } from './same-bits.js';

const engine = await sharedEngine();
const probe = await engine.probe();

const [MOMENTUM, ADAMW] = STRUCTURES;
const steps = fc.integer({ min: 1, max: 3 });

/** Returns the reason for which shaders of one meaning and two texts may differ; undefined if there is none. */
const fusing = () =>
  probe.fusesMultiplyAdd ? 'this device may fuse a * b + c in one text and not in another' : undefined;

/** Returns the places at which two networks differ after the same steps. */
async function sameTrained(a: Recipe, b: Recipe, steps: number) {
  const [first] = await trained(engine, networkOf(a), steps, { ride: a.ride });
  const [second] = await trained(engine, networkOf(b), steps, { ride: b.ride });
  return differencesOf('the same network', first, second);
}

law(
  'an L2 penalty of 0 is none',
  fc.record({ recipe: recipes([MOMENTUM]), penalised: fc.constantFrom('weights', 'all'), steps }),
  ({ recipe, penalised, steps }) =>
    sameTrained({ ...recipe, penalised: 'nothing' }, { ...recipe, penalised, strength: 0 }, steps),
  fusing,
);

law(
  'dropout of 0 is none',
  fc.record({ recipe: recipes([MOMENTUM]), steps }),
  ({ recipe, steps }) => sameTrained({ ...recipe, drops: false }, { ...recipe, drops: true, dropoutRate: 0 }, steps),
  fusing,
);

law(
  'AdamW that does not decay is Adam',
  fc.record({ recipe: recipes([ADAMW]), steps }),
  ({ recipe, steps }) =>
    sameTrained({ ...recipe, optimizer: 'adam' }, { ...recipe, optimizer: 'adamw', weightDecay: 0 }, steps),
  fusing,
);

law(
  'the fused plan is the unfused one',
  fc.record({ recipe: fusedRecipes(), steps }),
  ({ recipe, steps }) => sameTrained(recipe, { ...recipe, ride: false }, steps),
  fusing,
);

law(
  'a member in any position of any population is its solo run',
  fc.record({ recipe: recipes(), members: members(6), position: fc.nat({ max: 5 }), steps }),
  async ({ recipe, members, position, steps }) => {
    const network = networkOf(recipe);
    const { ride } = recipe;
    const all = members.map((each) => memberOf(network, each));
    const at = position % all.length;
    const together = await trained(engine, network, steps, { ride, members: all });
    const [alone] = await trained(engine, network, steps, { ride, members: [all[at]] });
    return differencesOf(`member ${at}`, together[at], alone);
  },
);

const size = fc.integer({ min: 1, max: 80 });
const products = KERNEL_CASES.filter(({ kernel }) => kernel.name.startsWith('matmul'));

law(
  'a variant of a product has the bits of the first',
  fc.record({
    product: fc.constantFrom(...products.map(({ kernel }) => kernel.name)),
    m: size,
    n: size,
    k: size,
    other: fc.nat(),
  }),
  async ({ product, other, ...sizes }) => {
    const of = products.find(({ kernel }) => kernel.name === product) as (typeof products)[number];
    const [first, ...others] = variantsOn(engine.traits, of.kernel);
    const drawn = others[other % others.length]; // one: a software GPU compiles tiles for a second or two
    const storedBy = async (variant: string) => {
      const { stored } = await runKernel(engine, of, { sizes, variant, arrangement: 'alone' });
      return Object.values(stored[0]);
    };
    return differencesOf(`${first.name} and ${drawn.name}`, await storedBy(first.name), await storedBy(drawn.name));
  },
  fusing,
  Math.ceil(CASES / 4),
);
