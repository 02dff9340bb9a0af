import fc from 'fast-check';
import { complaintsOf } from '../gpu/comparison.js';
import { sharedEngine } from '../gpu/stored.js';
import { Random } from '../ops/random.js';
import { examplesFor, randomOrder, reordered } from './examples.js';
import { law } from './law.js';
import { intervalOf, type Operands, outputsOf, shapesOf } from './outputs-of.js';
import { networkOf, type Recipe, recipes, STRUCTURES, validRows } from './recipe.js';
import { stepOn } from './step-on.js';

const engine = await sharedEngine();

const seed = fc.nat();

/** An operation of float64 rounds so much finer than the bounds allow one of f32: 2^-53 is 2^-30 of an ulp of f32. */
const FLOAT64 = 2 ** -30;

law(
  'without dropout the order of the rows of a batch changes nothing',
  fc.record({ recipe: recipes().filter(({ drops }) => !drops), seed, stepsBefore: fc.nat({ max: 1 }) }),
  async ({ recipe, seed, stepsBefore }) => {
    // Adam's direction is steep up to ε: with a larger one a bound stays proportional to the roundings that lead to it.
    const network = networkOf({ ...recipe, epsilon: 1e-3 });
    const examples = examplesFor(network, seed);
    const order = randomOrder(validRows(recipe), recipe.rows, seed + 1);
    const { ride } = recipe;
    const one = await stepOn(engine, network, examples, stepsBefore, { ride });
    const other = await stepOn(engine, network, reordered(examples, order), stepsBefore, { ride });
    const differ = one.want.flatMap(({ rows, cols, data, error }, i) => {
      const { data: others, error: otherError } = other.want[i];
      const allowed = Float64Array.from(data, (_, at) => FLOAT64 * ((error?.[at] ?? 0) + (otherError?.[at] ?? 0)));
      return complaintsOf(`float64 state ${i}`, Float64Array.from(others), { rows, cols, data, error: allowed });
    });
    return [...differ, ...one.complaints, ...other.complaints];
  },
);

/**
 * Scales what flows from the layer before dense layer `layer` (from the input, if it is the first) by `factor`, and the
 * layer's weights by its inverse.
 */
function rescaled(network: ReturnType<typeof networkOf>, operands: Operands, layer: number, factor: number): Operands {
  const into = layer === 0 ? ['x'] : [`dense${layer - 1}.w`, `dense${layer - 1}.b`];
  return shapesOf(network).map(([name], i) => {
    if (into.includes(name)) return operands[i].map((value) => value * factor);
    return name === `dense${layer}.w` ? operands[i].map((value) => value / factor) : operands[i];
  });
}

const reluRecipes = recipes(STRUCTURES.slice(0, 1)).map(
  (recipe): Recipe => ({ ...recipe, activation: 'relu', drops: false, optimizer: 'sgd' }),
);
const scaling = fc.record({ recipe: reluRecipes, layer: fc.nat({ max: 3 }), seed });

/** The outputs of a ReLU network before and after rescaling, on the GPU. */
async function rescaledOutputs(recipe: Recipe, layer: number, seed: number, factor: number) {
  const { ride } = recipe;
  const network = networkOf(recipe);
  const random = new Random(seed);
  const operands = shapesOf(network).map(([, size]) => random.floats(size, -1, 1));
  const scaled = rescaled(network, operands, Math.min(layer, recipe.hidden.length), factor);
  return {
    network,
    operands,
    before: await outputsOf(engine, network, operands, { ride }),
    after: await outputsOf(engine, network, scaled, { ride }),
  };
}

law(
  "scaling a layer's inputs and weights inversely by powers of two changes no bit of a ReLU network's outputs",
  fc.record({ scaling, exponent: fc.integer({ min: -20, max: 20 }) }),
  async ({ scaling: { recipe, layer, seed }, exponent }) => {
    const { before, after } = await rescaledOutputs(recipe, layer, seed, 2 ** exponent);
    const index = before.findIndex((y, i) => y !== after[i]);
    return index < 0 ? [] : [`output ${index} is ${before[index]}, after scaling ${after[index]}`];
  },
);

law(
  "scaling a layer's inputs and weights inversely leaves a ReLU network's outputs within their bounds",
  fc.record({ scaling, factor: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
  async ({ scaling: { recipe, layer, seed }, factor }) => {
    const { network, operands, before, after } = await rescaledOutputs(recipe, layer, seed, factor);
    // A scaled operand is rounded to f32 once, to the nearest: by 2^-24 of its size.
    return [
      ...complaintsOf('an output', before, intervalOf(network, operands, 0)),
      ...complaintsOf('an output after scaling', after, intervalOf(network, operands, 2 ** -24)),
    ];
  },
);
